"""TRANSLATING: catalogues as translators see them, their faults, and how one comes back."""
