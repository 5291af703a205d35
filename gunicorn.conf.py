"""How gunicorn serves the platform; ``--workers`` or WEB_CONCURRENCY says with how many processes."""

worker_class = "gthread"
threads = 4
keepalive = 15
loglevel = "warning"
