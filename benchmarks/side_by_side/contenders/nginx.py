"""nginx with the catalogue's own page as a file: what no application can reach."""

import gzip
import os
import shutil

from ..content import SEASON, SHOW, words_of_season
from ..machine import version_of
from ..servers import WORKERS, NotHereError
from ..workshop import Row

MISSING = "nginx is not installed (Debian: nginx-light)."
# As Debian's nginx.conf, without a log, like the other servers here.
_CONFIGURATION = """
{user}
worker_processes {workers};
pid {folder}/pid;
error_log stderr;
daemon off;
events {{ worker_connections 768; }}
http {{
    sendfile on;
    tcp_nopush on;
    types {{ text/html html; }}
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body;
    fastcgi_temp_path {folder}/fastcgi;
    proxy_temp_path {folder}/proxy;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""


def offer(workshop):
    if not workshop.page:
        raise NotHereError("nginx serves a page of ours, so --only must name ours too.")
    folder = workshop.anew("nginx")
    page = folder / "pages" / SEASON.strip("/") / "index.html"
    page.parent.mkdir(parents=True)
    page.write_bytes(workshop.page)
    page.with_name("index.html.gz").write_bytes(gzip.compress(workshop.page, 6))
    server = serve(workshop, "nginx", folder, f"root {folder}/pages; gzip_static on;")
    row = Row("nginx", "nginx, the same page as a file", server, SEASON, words_of_season(SHOW))
    yield row
    yield row._replace(
        key="nginx-gzip",
        label="nginx, the same page packed",
        headers={"Accept-Encoding": "gzip"},
    )


def serve(workshop, name, folder, server, **options):
    """nginx with the block ``server`` in its configuration; its files are in ``folder``."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise NotHereError(MISSING)
    workshop.versions["nginx"] = version_of(program, "-v")
    port = workshop.port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            # Root's workers would otherwise be somebody who may not read here.
            user="user root;" if os.geteuid() == 0 else "",
            workers=WORKERS,
            folder=folder,
            port=port,
            server=server,
        ),
        encoding="utf-8",
    )
    command = [program, "-e", "stderr", "-p", folder, "-c", configuration]
    return workshop.serve(name, command, port, **options)
