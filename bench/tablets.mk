.PHONY: bench-tablets
bench-tablets: $(VENV)/requirements-dev.installed ## the server's side of sync: 500 sealed responses stored, and found stored (RESPONSES=500)
	@$(BIN)/python -m bench.tablets $(if $(RESPONSES),--responses $(RESPONSES))
