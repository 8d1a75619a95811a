"""What editors did and how it is taken back: every change is one revision, rows included."""

from .recording import recording

__all__ = ["recording"]
