"""Asks TVmaze's public API: patiently, politely, and for no more than it should answer."""

import re
import time
from collections import deque
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import DecodeError, HTTPError, InvalidHeader, ReadTimeoutError
from urllib3.util import Retry

from ...models.external_ids import LARGEST_ID, ids_in
from ..problems import CannotLoadError
from .answers import MOST_BYTES, Answer, read_bytes, too_large

USER_AGENT = "franchise-catalogue (TVmaze importer)"

# As https://www.tvmaze.com/api#rate-limiting asks.
MOST_CALLS, WITHIN = 20, 10.0  # calls, seconds

_TIMEOUTS = (5, 15)  # seconds: to connect, and between two pieces of an answer
_LONGEST_CALL = 60  # seconds, for an answer that trickles
_LONGEST_WAIT = 30  # seconds that the server may ask us to wait
_MOST_REDIRECTS = 5
_AT_ONCE = 65_536
_AGAIN = frozenset({429, 500, 502, 503, 504})
_BY_FILES = "Or save its answers as files elsewhere, and import those."


def show_id(text: str) -> int | None:
    """The id in "13" or in a link to the page of a show; None for any other text."""
    text = text.strip()
    found = dict(ids_in(text, {"tvmaze_id": "shows"})).get("tvmaze_id")
    digits = found or text
    if re.fullmatch(r"\d{1,10}", digits, re.ASCII) and 1 <= int(digits) <= LARGEST_ID:
        return int(digits)
    return None


class Pace:
    """Lets through ``most`` calls in any ``within`` seconds, and holds up the next one."""

    def __init__(self, most: int = MOST_CALLS, within: float = WITHIN):
        self.most, self.within = most, within
        self._calls = deque(maxlen=most)

    def wait(self):
        if len(self._calls) == self.most:
            time.sleep(max(0.0, self._calls[0] + self.within - time.monotonic()))
        self._calls.append(time.monotonic())


class _Patience(Retry):
    """Tries again after a while, at the pace of all calls; not when it is asked to wait long."""

    pace = None

    def new(self, **changes):
        fresh = super().new(**changes)
        fresh.pace = self.pace
        return fresh

    def get_retry_after(self, response):
        try:
            wait = super().get_retry_after(response)
        except (InvalidHeader, ValueError):
            # No time that can be read is none that was asked for.
            return None
        if wait is not None and wait > _LONGEST_WAIT:
            raise CannotLoadError(
                [f"TVmaze asks to wait for {wait:.0f} seconds. Try again after that."]
            )
        return wait

    def sleep(self, response=None):
        super().sleep(response)
        self.pace.wait()


class Api:
    """One run: all its calls keep one pace. ``base`` is the address of the API.

    ``tries`` are the further ones after a call that failed; the first comes after ``pause``
    seconds, each other one after twice as long as the one before. An answer may take ``longest``
    seconds.
    """

    def __init__(
        self,
        base: str,
        *,
        tries: int = 4,
        pause: float = 0.5,
        timeouts: tuple[float, float] = _TIMEOUTS,
        longest: float = _LONGEST_CALL,
        pace: Pace | None = None,
    ):
        self._base = base.rstrip("/")
        self._timeouts = timeouts
        self._longest = longest
        self._pace = pace or Pace()
        patience = _Patience(
            total=tries,
            backoff_factor=pause,
            status_forcelist=_AGAIN,
            allowed_methods={"GET"},
            respect_retry_after_header=True,
            raise_on_status=False,
            redirect=False,
        )
        patience.pace = self._pace
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=patience))

    def show(self, key: int) -> list[Answer]:
        """What there is of a show, in two calls. Raises CannotLoadError."""
        embedded = "&".join(f"embed[]={name}" for name in ("seasons", "cast", "crew"))
        # Embedded episodes come without the specials.
        return [
            self._ask(key, f"/shows/{key}?{embedded}"),
            self._ask(key, f"/shows/{key}/episodes?specials=1"),
        ]

    def close(self):
        self._session.close()

    def _ask(self, key, path):
        name = f"TVmaze {path.partition('?')[0]}"
        address = f"{self._base}{path}"
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                self._pace.wait()
                with self._session.get(
                    address, timeout=self._timeouts, stream=True, allow_redirects=False
                ) as response:
                    if response.is_redirect:
                        address = self._followed(name, address, response.headers["Location"])
                        continue
                    if response.status_code == 404:
                        raise CannotLoadError([f"TVmaze has no show with the id {key}."])
                    if response.status_code != 200:
                        raise CannotLoadError([_refusal(name, response)])
                    return read_bytes(name, _body(name, response, self._longest))
            raise CannotLoadError([f"{name}: it was sent on more than {_MOST_REDIRECTS} times."])
        except (requests.Timeout, ReadTimeoutError):
            why = "It did not answer in time: try again later."
        except DecodeError:
            raise CannotLoadError([f"{name}: its answer is packed in a broken way."]) from None
        except (requests.RequestException, HTTPError):
            why = "Look whether this machine reaches the network, and try again."
        except ValueError:
            # requests reads where it is sent on to, followed or not.
            raise CannotLoadError([f"{name}: it was sent on to what is no address."]) from None
        raise CannotLoadError([f"TVmaze cannot be reached at {self._base}. {why} {_BY_FILES}"])

    def _followed(self, name, address, location):
        there = urljoin(address, location)
        if urlsplit(there)[:2] != urlsplit(self._base)[:2]:
            raise CannotLoadError([f"{name}: it was sent on to another host, which is not asked."])
        return there


def _refusal(name, response):
    if response.status_code in _AGAIN:
        return (
            f"{name}: TVmaze is busy or broken at the moment (status {response.status_code}). Try "
            f"again later. {_BY_FILES}"
        )
    return f"{name}: TVmaze refused with the status {response.status_code}."


def _body(name, response, longest):
    """What was answered, which may not be without end, in size or in time."""
    until = time.monotonic() + longest
    parts, size = [], 0
    # As it comes: to wait for so many bytes would wait for what trickles.
    while part := response.raw.read1(_AT_ONCE, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise CannotLoadError([f"{name}: {too_large()}"])
        if time.monotonic() > until:
            raise CannotLoadError([f"{name}: it took longer than {longest:g} seconds."])
    return b"".join(parts)
