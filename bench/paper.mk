.PHONY: bench-paper
bench-paper: $(VENV)/requirements-dev.installed compile ## every form of both surveys, a run of 500, imports of 10,000 rows
	@$(BIN)/python -m bench.paper
