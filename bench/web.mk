.PHONY: bench-web
bench-web: compile $(VENV)/requirements-dev.installed ## residents' pages: responses/s, CPU, latency, memory (DATABASE=sqlite for one, ENDURANCE=10000)
	@$(BIN)/python -m bench.web $(if $(DATABASE),--database $(DATABASE)) $(if $(RESPONSES),--responses $(RESPONSES)) $(if $(ENDURANCE),--endurance $(ENDURANCE))
