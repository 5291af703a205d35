"""How gunicorn serves the platform; ``--workers`` or WEB_CONCURRENCY says with how many processes."""

import gc
from typing import Any

worker_class = "gthread"
threads = 2
# What a browser of ours sends fits well; more is refused with 400 or 431 before anything of it is read further.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
keepalive = 15
loglevel = "warning"
# Loaded once, before the workers are made: they start sooner and share the memory of what is loaded.
preload_app = True


def when_ready(server: Any) -> None:
    """Leave what is loaded out of the search for garbage: it stays, and stays shared."""
    gc.collect()
    gc.freeze()
