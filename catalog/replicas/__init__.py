"""Reading public pages from PostgreSQL's streaming replicas: DATABASE_REPLICA_URLS.

Without replicas everything here answers "default".
"""

from .health import chosen, failed, is_lost
from .routing import Router, reading_from

__all__ = ["Router", "chosen", "failed", "is_lost", "reading_from"]
