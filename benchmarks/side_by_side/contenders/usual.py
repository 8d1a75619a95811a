"""A hand-written Django application, as a good developer without a page cache writes it."""

import subprocess

from ... import environment
from ..content import LAST_NAME, SHOW
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
        env = environment.own() | {"DATABASE_URL": database.url, "PYTHONPATH": str(ROOT)}
        for command in ("migrate", "fill"):
            manage = [workshop.python(), _SITE / "manage.py", command, "--verbosity=0"]
            subprocess.run(manage, env=env, cwd=_SITE, check=True)
        server = workshop.serve_with_gunicorn(
            f"usual-{kind}", _SITE, "usual.wsgi:application", env, database=database.process
        )
        yield Row(f"usual-{kind}", label, server, f"/series/{SHOW.slug}/", LAST_NAME)
