"""A small Wagtail site on SQLite: alone, and with wagtail-cache in files and in memory."""

import subprocess

from ... import environment
from ..content import SEASON, SERIES, SHOW, words_of_season, words_of_series
from ..workshop import ROOT, SITES, Row

_SITE = SITES / "wagtail_site"
_CACHES = {"": "", "file": ", wagtail-cache in files", "memory": ", wagtail-cache in memory"}


def offer(workshop):
    env = environment.own() | {
        "CACHE": "",
        "CACHE_FOLDER": str(workshop.anew("wagtail-cache")),
        "DATABASE_URL": workshop.database("sqlite", "wagtail").url,
        "PYTHONPATH": str(ROOT),
        "STATIC_ROOT": str(workshop.anew("wagtail-static")),
    }
    for words in (["migrate"], ["fill"], ["collectstatic", "--noinput"]):
        manage = [workshop.python(), _SITE / "manage.py", *words, "--verbosity=0"]
        subprocess.run(manage, env=env, cwd=_SITE, check=True)
    for cache, told in _CACHES.items():
        key = f"wagtail-{cache}".removesuffix("-")
        server = workshop.serve_with_gunicorn(
            key, _SITE, "site_of_wagtail.wsgi:application", env | {"CACHE": cache}
        )
        row = Row(key, f"Wagtail{told}", server, SEASON, words_of_season(SHOW))
        yield row
        if not cache:
            yield row._replace(
                key=f"{key}-series",
                label="Wagtail, series page",
                path=SERIES,
                holds=words_of_series(SHOW),
            )
