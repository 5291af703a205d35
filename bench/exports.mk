.PHONY: bench-exports
bench-exports: $(VENV)/requirements-dev.installed ## time and memory of exports in each format (SIZES="100000 1000000")
	@SIZES="$(SIZES)" $(BIN)/python -m bench.exports
