"""Scans of paper: sheets are read by a process of its own; what it reads is a suggestion that a person confirms."""
