.PHONY: audit
audit: $(VENV)/requirements-dev.installed compile browser ## axe, focus and targets on every page, state, language and size (LANGUAGES="ur or pl"; half an hour)
	@$(BIN)/python -m pytest -n 2 -m audit tests/audit $(if $(LANGUAGES),-k "$(LANGUAGES)")
