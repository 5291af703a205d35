.PHONY: coverage bench-analysis
coverage: $(VENV)/requirements-dev.installed ## how often intervals and rank sets hold, by simulation (SURVEYS=500)
	@PYTHONPATH=. $(BIN)/python bench/coverage.py

bench-analysis: $(VENV)/requirements-dev.installed ## speed and memory of the analysis (SIZES="1000 100000", PEERS=1)
	@PYTHONPATH=. $(BIN)/python bench/analysis.py
