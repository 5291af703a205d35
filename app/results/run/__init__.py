"""What a stored run holds, and how it is written as JSON and read again."""
