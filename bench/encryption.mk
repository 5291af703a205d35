.PHONY: bench-encryption
bench-encryption: $(VENV)/requirements-dev.installed ## what encryption at rest costs: a page, a hundred thousand comments, a search, a rotation (COMMENTS=100000)
	@COMMENTS="$(COMMENTS)" PYTHONPATH=. $(BIN)/python -m bench.encryption
