.PHONY: bench-pages
bench-pages: compile ## Lighthouse on the start page as a phone sees it, in every language (RUNS=3 LANGUAGES="en ur"; needs npm)
	@$(BIN)/python -m bench.pages $(if $(RUNS),--runs $(RUNS)) $(LANGUAGES)
