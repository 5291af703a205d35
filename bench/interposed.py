"""A stretch of network between the platform and PostgreSQL that can be made slow, or cut."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

PIECE = 65536


class Stretch:
    """Listens on a port of this machine and passes on to a socket of PostgreSQL."""

    def __init__(self, upstream: str) -> None:
        self.upstream, self.delay = upstream, 0.0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.open: list[socket.socket] = []
        threading.Thread(target=self._receive, daemon=True).start()

    def cut(self) -> None:
        """Drop every connection, in the middle of whatever it carries."""
        for each in self.open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.open = []

    def _receive(self) -> None:
        while True:
            near, _ = self.door.accept()
            far = socket.socket(socket.AF_UNIX)
            try:
                far.connect(self.upstream)
            except OSError:
                near.close()
                continue
            self.open += [near, far]
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, taken: socket.socket, given: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := taken.recv(PIECE):
                time.sleep(self.delay)
                given.sendall(piece)
        for each in (taken, given):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
