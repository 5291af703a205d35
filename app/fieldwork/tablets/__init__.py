"""Tablets: devices of an event that ask without signal, seal what they hold and send it when they can."""
