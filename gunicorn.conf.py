"""How gunicorn serves the platform; ``--workers`` or WEB_CONCURRENCY says with how many processes."""

worker_class = "gthread"
threads = 2
keepalive = 15
loglevel = "warning"
