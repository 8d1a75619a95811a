"""The catalogue itself: its page cache, its 304s, its pages made anew, and edits meanwhile."""

import importlib.util
import json
import subprocess
import sys
from importlib import metadata

from ... import environment
from ..content import SEASON, SERIES, SHOW, words_of_season, words_of_series
from ..editing import Editor
from ..servers import NotHereError
from ..workshop import DATABASES, GUNICORN, ROOT, SITES, Row, gunicorn_variables

# How many pages are asked for in turn while an editor saves.
_HOT = 120
_SERVERS = {
    "gunicorn": ("gunicorn", *GUNICORN),
    "granian": ("franchise.granian_server",),
}


def offer(workshop):
    for kind, name in DATABASES.items():
        try:
            yield from _on(kind, name, workshop)
        except NotHereError as error:
            workshop.leave_out(f"Ours, {name}", error)


def _on(kind, database_name, workshop):
    database = workshop.database(kind, "ours")
    folder = workshop.anew(f"ours-{kind}")
    env = environment.of_a_site(folder, "127.0.0.1") | {"DATABASE_URL": database.url}
    told = _fill(env)
    hot = folder / "hot-pages"
    hot.write_text("".join(f"{path}\n" for path in told["pages"][:_HOT]), encoding="ascii")

    def serve(server, **variables):
        port = workshop.port()
        return workshop.serve(
            "-".join(["ours", kind, server, *variables]),
            [sys.executable, "-m", *_SERVERS[server]],
            port,
            env=env | gunicorn_variables(port) | variables,
            cwd=ROOT,
            path="/health/live",
            database=database.process,
        )

    for name in _SERVERS:
        where = f"{name}, {database_name}"
        if importlib.util.find_spec(name) is None:
            workshop.leave_out(f"Ours, {where}", f"{name} is not installed.")
            continue
        workshop.versions[name] = metadata.version(name)
        key, server = f"ours-{kind}-{name}", serve(name)
        if not workshop.page:
            workshop.page = server.get(SEASON, {})[2]
        cached = Row(key, f"Ours, cached: {where}", server, SEASON, words_of_season(SHOW))
        yield cached
        if key == "ours-sqlite-gunicorn":
            yield cached._replace(
                key=f"{key}-gzip",
                label=f"Ours, cached and packed: {where}",
                headers={"Accept-Encoding": "gzip"},
            )
        yield cached._replace(
            key=f"{key}-304",
            label=f"Ours, unchanged (304): {where}",
            holds=(),
            status=304,
        )
        if name == "gunicorn":
            yield from _while_edited(key, where, cached, hot, told)
    server = serve("gunicorn", PAGE_CACHE_MB="0")
    where = f"gunicorn, {database_name}"
    made = Row(
        f"ours-{kind}-made",
        f"Ours, season page made anew: {where}",
        server,
        SEASON,
        words_of_season(SHOW),
    )
    yield made
    if kind == "sqlite":
        yield made._replace(
            key=f"{made.key}-series",
            label=f"Ours, series page made anew: {where}",
            path=SERIES,
            holds=words_of_series(SHOW),
        )


def _fill(env):
    """The addresses of pages and forms, and who may edit."""
    filled = subprocess.run(
        [sys.executable, SITES / "ours" / "fill.py"],
        env=env | {"DJANGO_SETTINGS_MODULE": "franchise.settings", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(filled.stdout)


def _while_edited(key, where, cached, hot, told):
    still = cached._replace(
        key=f"{key}-hot",
        label=f"Ours, {_HOT} pages in turn: {where}",
        paths=hot,
    )
    yield still
    yield still._replace(
        key=f"{key}-edited",
        label=f"Ours, {_HOT} pages, an edit every second: {where}",
        editor=Editor(cached.server.address, told["edited"], told["editor"]),
    )
