"""What draws a stored run as SVG."""
