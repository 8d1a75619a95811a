"""The picture that stands beside a link to a page where people share it."""

from .card import Card, card_of_entry, card_of_page
from .keeping import kept

__all__ = ["Card", "card_of_entry", "card_of_page", "kept"]
