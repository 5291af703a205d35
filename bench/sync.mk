.PHONY: bench-sync
bench-sync: $(VENV)/requirements-dev.installed compile browser ## tablets: 1,000 responses on a bad road stored once; 500 in one go; the page on a slowed processor; its size
	@$(BIN)/python -m pytest -q -s -m audit tests/fieldwork/tablets/test_the_whole.py
