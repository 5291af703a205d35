"""The staff's pages of results, one module a page: they show stored runs and compute nothing."""
