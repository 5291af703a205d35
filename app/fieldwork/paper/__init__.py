"""Paper as an equal: forms out in every language and format, and what comes back keyed twice or read from files."""
