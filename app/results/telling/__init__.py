"""What says a stored run in tables and sentences."""
