"""Loads early what would otherwise be loaded by the first request that needs it."""

from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse


def load_all():
    """Load all addresses with their views, and all templates with their tags.

    Before a server forks: its workers then share the memory that this takes, and none has to do it
    again while somebody waits. Asks no database.
    """
    reverse("admin:index")  # the first address that is looked up makes Django read them all
    for engine in settings.TEMPLATES:
        for folder in map(Path, engine["DIRS"]):
            for path in sorted(folder.rglob("*.html")):
                get_template(str(path.relative_to(folder)))
