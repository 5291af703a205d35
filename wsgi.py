"""What a server runs: ``gunicorn wsgi:app``; ``flask`` finds it here too."""

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are small here: threads cost more than they give

from app import create_app
from app.operating.health import explaining, refuse_unready
from config import SettingsRefused, StartRefused

MEND, TRY_AGAIN = 3, 4
"""Exit codes: the settings must be mended first, or what is around the platform. Gunicorn gives up at both, instead of
starting one worker after the other in vain; systemd tries again after the second."""

try:
    # ``flask`` runs commands, and they mend what the site must not start with; a server starts the sooner without them.
    commanded = "FLASK_RUN_FROM_CLI" in os.environ
    app = create_app(commands=commanded)
    if commanded:
        sys.excepthook = explaining(app)
    else:
        refuse_unready(app)
except (SettingsRefused, StartRefused) as refused:
    print(f"The platform does not start:\n{refused}", file=sys.stderr)
    sys.exit(MEND if isinstance(refused, SettingsRefused) else TRY_AGAIN)
