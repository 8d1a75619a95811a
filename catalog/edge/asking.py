"""What a request asks for: all that a public page may depend on, and nothing else."""

import datetime as dt
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.handlers.wsgi import get_path_info, get_str_from_wsgi
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from ..cacheable import MOMENT, parameters_of
from ..progress import COOKIE, SHOW, Progress

# Longer ones lead nowhere.
_LONGEST_PATH = 1_000
_NUMBER = "HTTP_X_REQUEST_ID"
# What the lists' scripts ask for: the results alone.
_PART = "results"
# Asked while the database does not answer, too; so not even the revision is looked up for them.
_HEALTH = "/health/"
# What an answer may hold that was asked by one of these is made for one visitor.
_PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")


class Asked(NamedTuple):
    """A page, by all that it depends on besides the catalogue; the key of what is kept.

    Texts are as WSGI has them. ``progress`` is the canonical text of how far the visitor is,
    None where nothing was told; ``is_part`` asks for the results of a list alone.
    """

    scheme: str
    host: str
    root: str
    path: str
    query: str
    progress: str | None
    is_part: bool

    @property
    def size(self) -> int:
        """The bytes of its texts, which visitors choose."""
        return len(self.host) + len(self.path) + len(self.query) + len(self.progress or "")

    def environ(self, of: dict, moment: dt.datetime) -> dict:
        """The request that Django gets: made of this alone, so that no header gets into a page.

        The server's own variables are taken from ``of``, and the number that a proxy has given the
        request: only pages of errors tell it, and none of them is kept. ``moment`` is now.
        """
        environ = {
            name: value for name, value in of.items() if name.startswith(("wsgi.", "SERVER_"))
        }
        environ |= {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": self.root,
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "HTTP_HOST": self.host,
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": BytesIO(),
            MOMENT: moment,
        }
        environ.pop("wsgi.file_wrapper", None)
        if (number := of.get(_NUMBER)) is not None:
            environ[_NUMBER] = number
        if settings.SECURE_PROXY_SSL_HEADER is not None:
            header, secure = settings.SECURE_PROXY_SSL_HEADER
            environ[header] = secure if self.scheme == "https" else self.scheme
        if self.progress is not None:
            environ["HTTP_COOKIE"] = f"{COOKIE}={self.progress}"
        if self.is_part:
            environ |= {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": _PART}
        return environ


def asked_of(environ: dict) -> Asked | None:
    """What ``environ`` asks for; None where the answer may depend on more than that.

    So do forms, whoever is signed in or has a message waiting, hosts that are not the site's, and
    a progress that cannot be read. Whether there is a page at the path is not looked at yet.
    """
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    path = environ.get("PATH_INFO", "")
    if path.startswith(_HEALTH):
        return None
    host = environ.get("HTTP_HOST", "")
    if not _is_ours(host):
        return None
    progress = None
    if cookies := environ.get("HTTP_COOKIE"):
        cookies = parse_cookie(get_str_from_wsgi(environ, "HTTP_COOKIE", ""))
        if any(name in cookies for name in _PERSONAL):
            return None
        if (told := cookies.get(COOKIE)) is not None:
            try:
                progress = str(Progress.parse(told))
            except ValueError:
                return None
    is_part = "HTTP_HX_REQUEST" in environ
    if is_part and not _asks_for_results(environ):
        return None
    query = environ.get("QUERY_STRING", "")
    if query:
        query = _canonical(query, known_parameters(path) or frozenset(), progress)
    return Asked(
        _scheme(environ), host, environ.get("SCRIPT_NAME", ""), path, query, progress, is_part
    )


def known_parameters(path: str) -> frozenset | None:
    """Those on which the page at ``path``, as WSGI has it, depends; None where none is kept."""
    return _known_parameters(path) if len(path) <= _LONGEST_PATH else None


@lru_cache(maxsize=2_048)
def _known_parameters(path):
    try:
        return parameters_of(resolve(get_path_info({"PATH_INFO": path})).func)
    except Resolver404:
        return None


@lru_cache(maxsize=256)
def _is_ours(host):
    """Whether ``host`` is one of the site's, written as links write it."""
    domain, _ = split_domain_port(host)
    return host == host.lower() and bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _scheme(environ):
    """As Django finds it out."""
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        if (told := environ.get(header)) is not None:
            return "https" if told.split(",", 1)[0].strip() == secure else "http"
    return environ["wsgi.url_scheme"]


def _asks_for_results(environ):
    return (
        environ["HTTP_HX_REQUEST"] == "true"
        and environ.get("HTTP_HX_TARGET") == _PART
        and "HTTP_HX_TARGET_URI_AUTOENCODED" not in environ
    )


def _canonical(query, known, progress):
    """``query`` with its ``known`` parameters alone, by name; each with its values as they came."""
    told = {*known, SHOW} if progress is not None else known
    named = ((unquote_plus(pair.partition("=")[0]), pair) for pair in query.split("&"))
    return "&".join(pair for name, pair in sorted(named, key=lambda it: it[0]) if name in told)
