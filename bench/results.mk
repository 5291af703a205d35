.PHONY: bench-results
bench-results: $(VENV)/requirements-dev.installed ## the office's pages: a run from the button to the page, then p95 of each page (SIZES="100000 1000000")
	@SIZES="$(SIZES)" $(BIN)/python -m bench.results
