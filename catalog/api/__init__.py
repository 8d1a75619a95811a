"""The catalogue as JSON, read-only: each page at the same path below ``/api/v1/``."""
