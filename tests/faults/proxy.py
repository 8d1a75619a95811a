"""nginx as deploy/nginx.conf sets it up, in front of a site."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from ..servers import ROOT, free_port

_AROUND = """
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    {server}
}}
"""


class Proxy:
    """Inside a ``with`` block: ``address`` is the https one, ``plain`` that of port 80.

    ``certificate`` is the file by which a client knows it. ``var_dir`` has the folder of pictures.
    """

    def __init__(self, backend_port, var_dir):
        self.backend_port, self.var_dir = backend_port, var_dir

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="catalogue-nginx-")
        folder = Path(self._folder.name)
        folder.chmod(0o755)
        self.certificate, key = folder / "certificate.pem", folder / "key.pem"
        self._run(
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", key, "-out", self.certificate),
        )
        http, self.port = free_port(), free_port()
        self.address, self.plain = f"https://localhost:{self.port}", f"http://localhost:{http}"
        server = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for before, after in [
            ("127.0.0.1:8000", f"127.0.0.1:{self.backend_port}"),
            ("listen 80;", f"listen 127.0.0.1:{http};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("catalogue.example.com;", "localhost;"),
            ("https://$host$request_uri", f"https://$host:{self.port}$request_uri"),
            ("Host $host;", f"Host $host:{self.port};"),
            ("/var/lib/catalogue;", f"{self.var_dir};"),
        ]:
            assert before in server
            server = server.replace(before, after)
        server = re.sub(r" *listen \[::\].*\n", "", server)
        server = re.sub("ssl_certificate .*;", f"ssl_certificate {self.certificate};", server)
        server = re.sub("ssl_certificate_key .*;", f"ssl_certificate_key {key};", server)
        configuration = folder / "nginx.conf"
        # Root's workers would otherwise be somebody who may not read here.
        user = "user root;" if os.geteuid() == 0 else ""
        configuration.write_text(_AROUND.format(user=user, folder=folder, server=server))
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        self.process = subprocess.Popen(  # noqa: S603 - a program of the system's
            [program, "-e", "stderr", "-p", folder, "-c", configuration],
            stderr=subprocess.PIPE,
            text=True,
        )
        self._wait()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()
        self._folder.cleanup()

    def _wait(self):
        for _ in range(200):
            assert self.process.poll() is None, self.process.stderr.read()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("nginx does not answer")

    @staticmethod
    def _run(*command):
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a program of the system's
