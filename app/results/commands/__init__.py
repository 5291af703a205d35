"""What the command line prints and writes of runs, and of analysts' own files."""
