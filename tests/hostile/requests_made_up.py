"""Requests as nobody should send them, made up by hypothesis: what a server may hand on to us."""

from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote, unquote_to_bytes

from hypothesis import strategies as st

from ..test_bad_input import NASTY

# It stands in what is sent; as markup it may stand in no answer.
MARKUP = "<zq onx=1>"

KNOWN = [
    "/",
    "/series/",
    "/series/bosch/",
    "/series/bosch/season-1/",
    "/series/bosch/season-1/episode-1/",
    "/series/ballard/",
    "/episodes/",
    "/characters/",
    "/characters/harry-bosch/",
    "/actors/",
    "/crew/",
    "/people/",
    "/people/titus-welliver/",
    "/crossovers/",
    "/crossovers/people/",
    "/organizations/",
    "/organizations/cold-case-unit/",
    "/news/",
    "/news/renewed/",
    "/progress/",
    "/watch-orders/",
    "/watch-orders/release-order/",
    "/timeline/",
    "/robots.txt",
    "/search/",
    "/search/suggest/",
    "/health/live",
    "/health/ready",
    "/admin/",
    "/admin/login/",
    "/admin/catalog/series/1/change/",
    "/media/images/ab/picture.png",
    "/static/css/base.css",
]
_STEPS = ["series", "people", "season-1", "season-0", "episode-1", "bosch", "admin", "..", ".", ""]
_PARAMETERS = [
    "series",
    "match",
    "person",
    "character",
    "kind",
    "job",
    "department",
    "organization",
    "network",
    "status",
    "season",
    "year",
    "sort",
    "page",
    "q",
    "within",
    "order",
    "show",
    "progress",
    "preview",
    "next",
    "via",
    "cast",
    "crew",
    "credits",
]
_VALUES = [
    "bosch",
    "ballard",
    "titus-welliver",
    "harry-bosch",
    "all",
    "any",
    "main",
    "guest",
    "director",
    "name",
    "-name",
    "1",
    "2",
    "once",
    "release-order",
    "ended",
    "characters",
]
_METHODS = [
    *["GET"] * 8,
    *["HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get", "PROPFIND"],
    "X" * 300,
]
_PROGRESSES = [
    "bosch.1.1",
    "bosch.1.1~ballard.0.0",
    "bosch.all",
    "bosch.9.9",
    "nothing.1.1",
    "bosch.1.1~bosch.2.1",
    "~",
    "bosch.-1.99999999999999999999",
]
_HEADERS = {
    "HTTP_HOST": ["testserver", "testserver:80", "TESTSERVER", "evil.example", "", "a b", "[::1"],
    "HTTP_ACCEPT_ENCODING": ["gzip", "br", "br;q=0", "*", "identity;q=0", ",,;q=x", "gzip" * 500],
    "HTTP_ACCEPT": ["*/*", "text/html", "application/json", "\xff"],
    "HTTP_IF_NONE_MATCH": ["*", '"x"', 'W/"x"', "x" * 8_000, '"'],
    "HTTP_IF_MODIFIED_SINCE": ["Tue, 01 Dec 2026 00:00:00 GMT", "yesterday", "0"],
    "HTTP_RANGE": ["bytes=0-1", "bytes=-1", "bytes=9-1", "bytes=" + "0-1," * 500],
    "HTTP_X_FORWARDED_FOR": ["203.0.113.7", "unknown", "a" * 5_000],
    "HTTP_X_FORWARDED_PROTO": ["https", "http", "javascript"],
    "HTTP_X_FORWARDED_HOST": ["evil.example"],
    "HTTP_X_REQUEST_ID": ["0" * 32, "\n", "x" * 5_000],
    "HTTP_HX_REQUEST": ["true", "false", "\x00"],
    "HTTP_HX_TARGET": ["results", "other"],
    "HTTP_ORIGIN": ["null", "https://evil.example", "http://testserver"],
    "HTTP_REFERER": ["http://testserver/", "javascript:alert(1)", "\xe9" * 3_000],
    "HTTP_SEC_FETCH_SITE": ["same-origin", "cross-site", "none"],
    "HTTP_ACCEPT_LANGUAGE": ["de", "x" * 5_000],
    "HTTP_USER_AGENT": ["", "\x1b[31m", "x" * 5_000],
    "HTTP_AUTHORIZATION": ["Basic Og==", "Bearer x"],
    "HTTP_TRANSFER_ENCODING": ["chunked"],
    "CONTENT_TYPE": [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=nonsense",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 500,
        "application/json",
        "text/plain; charset=\xff",
        "",
    ],
    "CONTENT_LENGTH": ["0", "5", "-1", "x", "99999999999999", ""],
    "SERVER_PROTOCOL": ["HTTP/1.0", "HTTP/1.1"],
    "SCRIPT_NAME": ["", "/elsewhere"],
}
_BODIES = [
    b"",
    b"series=bosch&season=1&episode=1",
    b"username=anna&password=x&next=https://evil.example/",
    b"username=" + b"a" * 1_000 + b"&password=x",
    b"csrfmiddlewaretoken=x&series=%ff&place=\x00",
    b'--x\r\nContent-Disposition: form-data; name="series"\r\n\r\nbosch\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../x"\r\n\r\nx\r\n',
    b'{"series": ["bosch"]}',
    b"\xff\xfe\x00",
    b"a=1&" * 2_000,
    b"series=" + b"a" * 100_000,
]


@dataclass(frozen=True)
class Made:
    """A request, as its ``repr`` tells it; ``environ`` is what a server would hand on of it."""

    method: str
    path: str
    query: str
    variables: tuple
    body: bytes

    def environ(self) -> dict:
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(self.path).decode("latin-1"),
            "QUERY_STRING": self.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
            **dict(self.variables),
        }


def _texts():
    return st.one_of(
        st.sampled_from([*NASTY.values()]),
        st.sampled_from([quote(MARKUP), MARKUP, quote(f'"{MARKUP}'), quote(f"'>{MARKUP}")]),
        st.text(max_size=12).map(lambda text: quote(text, errors="surrogatepass")),
        st.binary(max_size=8).map(quote),
    )


def _paths():
    steps = st.lists(st.one_of(st.sampled_from(_STEPS), _texts()), min_size=1, max_size=5)
    return st.one_of(
        st.sampled_from(KNOWN),
        st.sampled_from(KNOWN),
        st.builds(lambda known, text: known + text, st.sampled_from(KNOWN), _texts()),
        st.builds(lambda known, text: known + text + "/", st.sampled_from(KNOWN), _texts()),
        steps.map(lambda found: "/" + "/".join(found)),
    )


def _queries():
    names = st.one_of(st.sampled_from(_PARAMETERS), _texts())
    values = st.one_of(st.sampled_from(_VALUES), _texts())
    pairs = st.lists(st.tuples(names, values), max_size=5).map(
        lambda found: "&".join(f"{name}={value}" for name, value in found)
    )
    repeated = st.builds(
        lambda name, value, times: "&".join([f"{name}={value}"] * times),
        st.sampled_from(_PARAMETERS),
        st.sampled_from(_VALUES),
        st.sampled_from([2, 30, 1_000]),
    )
    return st.one_of(st.just(""), pairs, pairs, repeated, _texts())


def _cookies():
    pair = st.one_of(
        st.sampled_from(_PROGRESSES).map(lambda told: f"progress={told}"),
        _texts().map(lambda text: f"progress={text}"),
        st.sampled_from(
            ["sessionid=x", "sessionid=" + "a" * 32, "csrftoken=x", "messages=x", "=;"]
        ),
    )
    return st.lists(pair, min_size=1, max_size=3).map("; ".join)


def _variables():
    told = st.sampled_from([*_HEADERS]).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(_HEADERS[name]))
    )
    cookie = st.tuples(st.just("HTTP_COOKIE"), _cookies())
    return st.lists(st.one_of(told, cookie), max_size=3).map(tuple)


def requests_made_up() -> st.SearchStrategy[Made]:
    return st.builds(
        Made,
        st.sampled_from(_METHODS),
        _paths(),
        _queries(),
        _variables(),
        st.sampled_from(_BODIES),
    )
