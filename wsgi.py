"""What a server runs: ``gunicorn wsgi:app``; ``flask`` finds it here too."""

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are small here: threads cost more than they give

from app import create_app
from config import SettingsRefused

HALT = 3
"""The exit code at which gunicorn gives up, instead of starting one worker after the other in vain."""

try:
    app = create_app()
except SettingsRefused as refused:
    print(f"The platform does not start:\n{refused}", file=sys.stderr)
    sys.exit(HALT)
