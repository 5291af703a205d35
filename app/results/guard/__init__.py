"""The headline guard: what a sentence claims, and what stored runs say to it."""
