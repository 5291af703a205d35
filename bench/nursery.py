"""Starts the site quickly: a process that has read all code already, and does nothing but fork into a gunicorn.

Reads one JSON object a line, the environment and the words of gunicorn, and answers with the process's number.
"""

from __future__ import annotations

import json
import os
import signal
import sys


def main() -> None:
    """Read the code, then fork for each line."""
    from gunicorn.app import wsgiapp

    from app import create_app

    create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://", "TESTING": True})
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if process:
            print(process, flush=True)
            continue
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.stdin.close()
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(1, 2)
        os.environ.clear()
        os.environ.update(order["environment"])
        sys.argv = ["gunicorn", *order["words"]]
        wsgiapp.run()
        sys.exit()


if __name__ == "__main__":
    main()
