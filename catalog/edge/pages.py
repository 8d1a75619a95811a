"""A page that is kept: its headers and its body, as it is and packed."""

import gzip
import hashlib
from base64 import urlsafe_b64encode
from functools import lru_cache

import brotli
from django.utils.http import parse_etags

# What does not get smaller by it is sent as it is.
_NOT_WORTH_PACKING = 500  # bytes
# Half the work of the best and nearly as small; a page is packed once and read often.
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6
# Of each page, beside its bodies: its key, its headers, and what Python needs to hold them.
_OVERHEAD = 3_000  # bytes

# What a 304 repeats of the answer that it stands for.
_REPEATED = frozenset({"cache-control", "content-location", "expires", "vary", "etag"})
# Made anew for each body.
_OWN = frozenset({"content-length", "content-encoding", "etag", "vary"})

_AS_IT_IS = ""
_PACK = {
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY),
    "gzip": lambda body: gzip.compress(body, _GZIP_LEVEL, mtime=0),
}
_UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


class Page:
    """The answer 200 to whoever asks for it, at one ``version`` of the catalogue.

    ``evidence`` tells whether it is the answer at a later one too.
    Its body is kept in the forms that were asked for; browsers all ask for the smallest one.
    ``size`` is what it takes in memory with its key, in bytes, by the forms there are so far.
    """

    __slots__ = (
        "_bodies",
        "_body",
        "_fixed_size",
        "_headers",
        "etag",
        "evidence",
        "not_modified",
        "size",
        "status",
        "version",
    )

    def __init__(self, version, evidence, status: str, headers: list, body: bytes, key_size=0):
        digest = hashlib.blake2b(body, digest_size=15).digest()
        self.version = version
        self.evidence = evidence
        self.status = status
        # Weak: the packed bodies are other bytes.
        self.etag = f'W/"{urlsafe_b64encode(digest).decode()}"'
        varies = [value for name, value in headers if name.lower() == "vary"]
        self._headers = [(name, value) for name, value in headers if name.lower() not in _OWN]
        self._headers.append(("Vary", ", ".join(["Accept-Encoding", *varies])))
        self._headers.append(("ETag", self.etag))
        self.not_modified = [pair for pair in self._headers if pair[0].lower() in _REPEATED]
        self._body = body  # until some form of it has been asked for
        self._bodies = {}
        self._fixed_size = evidence.size + key_size + _OVERHEAD
        self.size = self._fixed_size + len(body)

    def is_what(self, if_none_match: str) -> bool:
        """Whether the header of that name tells that the client has this page."""
        if if_none_match == self.etag:
            return True
        etags = parse_etags(if_none_match)
        return "*" in etags or self.etag in etags or self.etag.removeprefix("W/") in etags

    def body_for(self, accepted: str) -> tuple:
        """(headers, body) in the best form that a client takes with this Accept-Encoding."""
        form = _best_form(accepted) if accepted else _AS_IT_IS
        found = self._bodies.get(form)
        return found if found is not None else self._make(form)

    def _make(self, form):
        plain = self._plain()
        headers, body = list(self._headers), plain
        if form and len(plain) > _NOT_WORTH_PACKING:
            body = _PACK[form](plain)
            headers.append(("Content-Encoding", form))
        headers.append(("Content-Length", str(len(body))))
        self._bodies[form] = found = (headers, body)
        self._body = None
        self.size = self._fixed_size + sum(len(each) for _, each in self._bodies.copy().values())
        return found

    def _plain(self):
        body = self._body
        if body is not None:
            return body
        form, (headers, body) = next(iter(self._bodies.items()))
        is_packed = ("Content-Encoding", form) in headers
        return _UNPACK[form](body) if is_packed else body


@lru_cache(maxsize=256)
def _best_form(accepted):
    """The form of a body for an Accept-Encoding header, by RFC 9110, section 12.5.3."""
    weights = {}
    for part in accepted.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        weights[name] = next((_weight(word) for word in parameters if word.startswith("q=")), 1)
    for form in _PACK:
        if weights.get(form, weights.get("*", 0)) > 0:
            return form
    return _AS_IT_IS


def _weight(parameter):
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0
