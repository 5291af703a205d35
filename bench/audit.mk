.PHONY: audit
audit: $(VENV)/requirements-dev.installed compile browser ## axe, focus and targets on every page, state, language and size (LANGUAGES="ur pl"; hours for all)
	@LANGUAGES="$(LANGUAGES)" $(BIN)/python -m pytest -n 2 -m audit tests/audit
