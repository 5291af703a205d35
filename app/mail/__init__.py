"""MAIL: what waits in the outbox, who carries it, and the commands for it."""
