"""The application that gunicorn or granian serves."""

import os

import django
from django.conf import settings

from .handler import Handler
from .loading import load_all

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "franchise.settings")

django.setup(set_prefix=False)
application = Handler()
load_all()

if settings.PAGE_CACHE_MB:
    # It reads models, which are there only now.
    from catalog.edge import Edge

    application = Edge(application, size=settings.PAGE_CACHE_MB * 2**20)
