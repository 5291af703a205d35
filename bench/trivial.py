"""A trivial page of Flask, served as the platform is: what a request costs before anything of ours runs."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/")
def page() -> str:
    """Say hello."""
    return "hello"
