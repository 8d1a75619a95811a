"""A hand-written Django application, as a good developer without a page cache writes it."""

import subprocess

from ... import environment
from ..content import SEASON, SERIES, SHOW, words_of_season, words_of_series
from ..servers import NotHereError
from ..workshop import DATABASES, ROOT, SITES, Row

_SITE = SITES / "usual"


def offer(workshop):
    for kind, name in DATABASES.items():
        label = f"A usual Django application, {name}"
        try:
            database = workshop.database(kind, "usual")
        except NotHereError as error:
            workshop.leave_out(label, error)
            continue
        env = environment.own() | {
            "DATABASE_URL": database.url,
            "PYTHONPATH": str(ROOT),
            "STATIC_ROOT": str(workshop.anew(f"usual-{kind}-static")),
        }
        for words in (["migrate"], ["fill"], ["collectstatic", "--noinput"]):
            manage = [workshop.python(), _SITE / "manage.py", *words, "--verbosity=0"]
            subprocess.run(manage, env=env, cwd=_SITE, check=True)
        server = workshop.serve_with_gunicorn(
            f"usual-{kind}", _SITE, "usual.wsgi:application", env, database=database.process
        )
        row = Row(f"usual-{kind}", label, server, SEASON, words_of_season(SHOW))
        yield row
        if kind == "sqlite":
            yield row._replace(
                key=f"{row.key}-series",
                label=f"{label}, series page",
                path=SERIES,
                holds=words_of_series(SHOW),
            )
