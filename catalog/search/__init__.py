"""Asking the catalogue."""

from .forms import SearchForm
from .results import Results, suggestions

__all__ = ["Results", "SearchForm", "suggestions"]
