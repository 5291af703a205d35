"""Read any survey's CSV files in bounded memory, and write results that are whole or not there."""
