"""The application that gunicorn or granian serves."""

import os

import django
from django.conf import settings
from django.core.signals import request_finished

from .handler import Handler
from .loading import load_all
from .upkeep import Upkeep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "franchise.settings")

django.setup(set_prefix=False)
application = Handler()
load_all()
request_finished.connect(Upkeep(), weak=False)

if settings.PAGE_CACHE_MB:
    # It reads models, which are there only now.
    from catalog.edge import Edge

    application = Edge(application, size=settings.PAGE_CACHE_MB * 2**20)
