"""Makes one of two entries that are the same."""

from .merging import Preview, merge, preview

__all__ = ["Preview", "merge", "preview"]
