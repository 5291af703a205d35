"""RUNNING: what those who run the platform need: backups, migrations, retention, keys, long work, figures, logs."""
