"""Tell what the analysis understood: stored runs, pages, files and reports."""
