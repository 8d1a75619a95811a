"""The page cache, as a WSGI application in front of Django's."""

from .edge import Edge

__all__ = ["Edge"]
