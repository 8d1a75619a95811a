"""The application that gunicorn serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "franchise.settings")

application = get_wsgi_application()

if settings.PAGE_CACHE_MB:
    from catalog.edge import Edge

    application = Edge(application, size=settings.PAGE_CACHE_MB * 2**20)
