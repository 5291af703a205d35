"""What goes into a run: responses as columns, what to tabulate, what is followed, and how to weight."""
