.PHONY: bench-disclosure
bench-disclosure: $(VENV)/requirements-dev.installed ## hide and attack small counts in random sets of tables (SETS=1000)
	@PYTHONPATH=. $(BIN)/python bench/disclosure.py
