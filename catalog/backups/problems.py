class BackupError(Exception):
    """A backup cannot be made or put back; the text says why, and what to do."""
