.PHONY: bench-text
bench-text: $(VENV)/requirements-dev.installed ## speed and memory of reading comments, worst time of each pattern (COMMENTS=100000)
	@COMMENTS="$(COMMENTS)" PYTHONPATH=. $(BIN)/python -m bench.text
	@PYTHONPATH=. $(BIN)/python -m bench.fuzzing
