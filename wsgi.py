"""What a server runs: ``gunicorn wsgi:app``; ``flask`` finds it here too."""

from app import create_app

app = create_app()
