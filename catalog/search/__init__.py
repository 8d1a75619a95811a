"""Asking the catalogue."""

from .forms import SearchForm
from .results import MOST_SUGGESTIONS, Results, suggestions

__all__ = ["MOST_SUGGESTIONS", "Results", "SearchForm", "suggestions"]
