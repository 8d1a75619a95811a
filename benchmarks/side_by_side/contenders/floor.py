"""The least: a view of Django's that says hello, without middleware, database and template."""

from ... import environment
from ..workshop import SITES, Row


def offer(workshop):
    server = workshop.serve_with_gunicorn(
        "floor", SITES / "floor", "floor:application", environment.own()
    )
    yield Row("floor", "The floor: Django saying hello", server, "/", ("Hello, world",))
