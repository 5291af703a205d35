.PHONY: bench-scan
bench-scan: $(VENV)/requirements-dev.installed compile ## simulated sheets read: precision and recall per mark, flagged, time (SHEETS=60)
	@$(BIN)/python -m bench.scans $(SHEETS)
