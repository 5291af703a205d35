.PHONY: bench-hostile
bench-hostile: compile $(VENV)/requirements-dev.installed ## 15,000 hostile inputs to every form and API (INPUTS=15000): no 5xx, no hang, nothing invalid stored
	@$(BIN)/python -m bench.hostile $(if $(INPUTS),--inputs $(INPUTS))
