.PHONY: bench-faults bench-load bench-soak bench-backup
bench-faults: compile $(VENV)/requirements-dev.installed ## every fault while residents answer: nothing acknowledged is lost (CYCLES=3, ONLY=locked, DATABASE=sqlite)
	@$(BIN)/python -m bench.faults $(if $(CYCLES),--cycles $(CYCLES)) $(if $(ONLY),--only $(ONLY)) $(if $(DATABASE),--database $(DATABASE))

bench-load: compile $(VENV)/requirements-dev.installed ## 200 residents with 2 to 5 s of thought a page, five minutes, PostgreSQL (RESIDENTS=50 SECONDS=30)
	@$(BIN)/python -m bench.load $(if $(RESIDENTS),--residents $(RESIDENTS)) $(if $(SECONDS),--seconds $(SECONDS))

bench-soak: compile $(VENV)/requirements-dev.installed ## 50,000 responses on PostgreSQL at full speed: does memory stay flat? (ENDURANCE=10000)
	@$(BIN)/python -m bench.web --database postgresql --responses 100 --endurance $(or $(ENDURANCE),50000)

bench-backup: $(VENV)/requirements-dev.installed ## a backup of a million responses while residents answer, and its restore (RESPONSES=10000)
	@$(BIN)/python -m bench.backup $(if $(RESPONSES),--responses $(RESPONSES))
