"""What computes a run; it loads numpy, and pages never do."""
