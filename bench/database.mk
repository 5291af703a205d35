.PHONY: bench-database
bench-database: $(VENV)/requirements-dev.installed ## runs from the database and the extract, counts by each engine (SIZES="10000 1000000")
	@SIZES="$(SIZES)" $(BIN)/python -m bench.database
