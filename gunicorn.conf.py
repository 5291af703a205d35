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
# systemd or the container starts, watches and ends it: no other way in, and two sites of one user share no socket.
control_socket_disable = True
# Loaded once, before the workers are made: they start sooner and share the memory of what is loaded.
preload_app = True
# What is loaded stays. Searching it for garbage meanwhile would be a tenth of the start.
gc.disable()


def when_ready(server: Any) -> None:
    """Leave what is loaded out of the search for garbage for good, so that it stays shared."""
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Let each worker look after its own garbage."""
    gc.enable()
