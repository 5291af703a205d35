.PHONY: bench-web
bench-web: compile $(VENV)/requirements-dev.installed ## residents' pages: responses/s, CPU, latency, memory (DATABASE=sqlite for one)
	@$(BIN)/python -m bench.web $(if $(DATABASE),--database $(DATABASE)) $(if $(RESPONSES),--responses $(RESPONSES))
