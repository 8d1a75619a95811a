"""Requests of every kind, made of what is right, of what is nearly right, and of nothing.

Most of what they are made of is chosen by Hypothesis in tables, which ``chance``, a
``random.Random``, fills before: to have it make up each would take longer than to answer.
"""

from urllib.parse import quote

from hypothesis import strategies as st

from .sent import Sent
from .values import ALL_NASTY, MARKUP
from .world import BEHIND, FOUND_BY

# Of each query; a server takes no more, gunicorn less.
_LONGEST_QUERY = 100_000  # characters

# Of each table.
_ROWS = 3_000

_METHODS = ["GET"] * 9 + ["HEAD", "HEAD", "OPTIONS"]
_UNSAFE_METHODS = [
    *["POST"] * 9,
    *[
        "PUT",
        "PATCH",
        "DELETE",
        "CONNECT",
        "PROPFIND",
        "TRACE",
        "get",
        "post",
        "Post",
        "zq",
        "<zq>",
    ],
    "A" * 5_000,
]

_PROGRESSES = [
    BEHIND,
    "none",
    "ballard.1.1",
    "ballard.all",
    "ballard.all~bosch.all",
    "ballard.0.0",
    "bosch.1.1",
    "old.1.1",
    "old.1.1~ballard.1.2",
    "nothing.3.4",
    "unseen-series-draft.1.1",
    "ballard.9999.9999",
    "ballard.99999.1",
    "ballard.-1.1",
    "ballard.1.2~ballard.1.2",
    "ballard.1.2~",
    "BALLARD.1.2",
    "~".join(f"s{number}.1.1" for number in range(200)),
    "~".join(f"s{number}.1.1" for number in range(201)),
    "a" * 5_000,
    "ballard.\u00b2.1",
    "<zq>.1.1",
    '"ballard.1.2"',
    "ballard\\0561\\0562",
    "",
]
_TOKEN = "A" * 64
_COOKIES = [
    *[f"progress={text}" for text in _PROGRESSES],
    f"progress={BEHIND}; progress=ballard.all",
    *[
        f"{name}={value}"
        for name in ("sessionid", "messages", "csrftoken")
        for value in ("", "a", "a" * 32, "A" * 64, "a" * 5_000, "<zq>", "\xff\xfe", "None")
    ],
    "messages=W1siX19qc29uX21lc3NhZ2UiLDAsMjAsIjx6cT4iXV0:1abc:def",
    "=",
    ";;;=;",
    "a",
    "a=b=c",
    "__proto__=1; sessionid",
    "; ".join(f"c{number}=1" for number in range(1_000)),
]

# Nor control characters.
_HEADERS = [
    *[
        ("Host", host)
        for host in (
            "localhost",
            "TESTSERVER",
            "testserver:80",
            "testserver:99999999",
            "testserver.",
            "testserver@evil.example",
            "evil.example",
            "[::1]",
            "[::1",
            "",
            "a b",
            "<zq>",
            "testserver/path",
            "testserver\\evil",
            "\xff",
            "a" * 5_000,
        )
    ],
    *[
        ("Accept-Encoding", value)
        for value in (
            "gzip",
            "br",
            "gzip, br;q=0",
            "*",
            "*;q=0",
            "identity;q=0",
            "br;q=nan",
            "br;q=inf",
            "br;q=-1",
            "br;q=1e999",
            "gzip;;;q==",
            "\xff",
            ", " * 2_000,
        )
    ],
    *[
        ("If-None-Match", value)
        for value in ("*", "W/", '""', '"a", W/"b"', "W/" * 2_000, '"' * 5_000, "\xff", "<zq>")
    ],
    *[
        (name, value)
        for name in ("If-Modified-Since", "If-Unmodified-Since")
        for value in (
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Fri, 99 Foo 9999 99:99:99 GMT",
            "Mon, 31 Feb 0000 00:00:00 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "0",
            "\xb2\xb2, \xb2",
            "",
        )
    ],
    *[
        ("Range", value)
        for value in (
            "bytes=0-0",
            "bytes=-1",
            "bytes=9-1",
            "bytes=a-b",
            "bytes=0-0,1-1",
            "zq=1",
            "=-",
        )
    ],
    ("If-Range", '"a"'),
    *[
        (name, value)
        for name, values in {
            "X-Forwarded-For": ("1.2.3.4", "<zq>", "::1, \xff", ""),
            "X-Forwarded-Host": ("evil.example", "<zq>"),
            "X-Forwarded-Proto": ("https", "https,http", "<zq>"),
            "X-Forwarded-Port": ("0", "zq"),
            "Forwarded": ("for=<zq>;proto=https",),
            "X-Original-Url": ("/admin/",),
            "X-Rewrite-Url": ("/admin/",),
            "X-Http-Method-Override": ("DELETE", "zq"),
            "X-Request-Id": ("0f3a2b1c4d5e4f60a1b2c3d4e5f60718", "<zq>", "", "a" * 5_000, "\xff"),
            "Script-Name": ("/evil",),
            "Hx-Request": ("true", "false", "<zq>", ""),
            "Hx-Target": ("results", "<zq>", "%ff", ""),
            "Hx-Target-Uri-Autoencoded": ("true",),
            "Hx-Current-Url": (
                "http://testserver/series/?q=a",
                "//[",
                "http://[::1",
                "<zq>",
                "\xff",
            ),
            "Hx-Current-Url-Uri-Autoencoded": ("true",),
            "Hx-Trigger": ("{", "<zq>"),
            "Hx-Triggering-Event": ("{", "[[[[", '{"a": NaN}'),
            "Hx-Boosted": ("true",),
            "Hx-History-Restore-Request": ("true",),
            "Hx-Prompt": ("<zq>",),
            "Referer": ("http://testserver/", "http://[", "<zq>", "\xff", "https://evil.example/"),
            "Origin": ("null", "http://testserver", "http://[", "https://evil.example", "<zq>", ""),
            "Sec-Fetch-Site": ("same-origin", "none", "cross-site", "<zq>", ""),
            "Sec-Fetch-Mode": ("navigate", "cors", "<zq>"),
            "X-Csrftoken": ("a" * 32, "a" * 64, "<zq>", ""),
            "Authorization": ("Basic zq", "Bearer " + "a" * 5_000),
            "Accept": ("application/json", "*/*;q=nan", "<zq>", ","),
            "Accept-Language": ("he", "zq-zq-zq", "," * 2_000, "\xff"),
            "User-Agent": ("", "<zq>", "() { :; }; zq", "a" * 5_000),
            "Transfer-Encoding": ("chunked", "gzip, chunked", "zq"),
            "Expect": ("100-continue", "zq"),
            "Upgrade": ("websocket", "h2c"),
            "Connection": ("close", "upgrade", "<zq>"),
            "Purpose": ("prefetch",),
            "Zq": ("a" * 60_000,),
        }.items()
        for value in values
    ],
]

# No server lets through what is no number; test_bytes.py sends that to one.
_LENGTHS = ["0", "1", "007", "9" * 30, "2621441", "2621440"]
_MULTIPART = "multipart/form-data; boundary=zq"
_TYPES = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=idna",
    "application/x-www-form-urlencoded; charset=zq",
    "application/x-www-form-urlencoded; charset=base64",
    "application/x-www-form-urlencoded; charset=\xff",
    "application/x-www-form-urlencoded; charset=" + "a" * 500,
    _MULTIPART,
    "multipart/form-data; boundary=zq; charset=utf-16",
    "multipart/form-data; boundary=zq; charset=zq",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\xff",
    "multipart/form-data; boundary=" + "a" * 5_000,
    "multipart/mixed; boundary=zq",
    "application/json",
    "text/plain; charset=utf-32",
    "image/png",
    "zq",
    "",
    "; ; ;",
    "a/b; " * 500,
]

_PART = b'--zq\r\nContent-Disposition: form-data; name="%s"%s\r\n%s\r\n%s\r\n'
_MULTIPARTS = [
    _PART % (b"at", b"", b"", b"ballard.1.1") + b"--zq--\r\n",
    _PART % (b"at", b"", b"", b"ballard.1.1"),
    _PART % (b"username", b'; filename="a.png"', b"Content-Type: image/png\r\n", b"\x89PNG")
    + b"--zq--",
    _PART % (b"username", b'; filename="../../<zq>"', b"", b"<zq>") + b"--zq--",
    _PART % (b"at", b"; filename*=utf-7''%ff", b"", b"a") + b"--zq--",
    _PART % (b"at", b"; filename*=zq", b"", b"a") + b"--zq--",
    _PART % (b"at", b"", b"Content-Transfer-Encoding: base64\r\n", b"!!!") + b"--zq--",
    _PART % (b"at", b"", b"Content-Transfer-Encoding: base64\r\n", b"YQ") + b"--zq--",
    _PART % (b"at", b"", b"Content-Type: text/plain; charset=zq\r\n", b"\xff\xfe") + b"--zq--",
    _PART % (b"\x00\xff<zq>", b"", b"", b"\x00") + b"--zq--",
    _PART % (b"at", b"", b"Content-Length: 9999999999\r\n", b"a") + b"--zq--",
    b"--zq\r\nContent-Disposition: form-data; name=at",
    b"--zq\r\nContent-Disposition: form-data\r\n\r\na\r\n--zq--",
    b"--zq\r\n" + b"A: b\r\n" * 2_000 + b"\r\na\r\n--zq--",
    b"--zq\r\n\r\n" * 500,
    b"--zq--",
    (_PART % (b"a", b"", b"", b"b")) * 300 + b"--zq--",
]
_BODIES = [
    *_MULTIPARTS,
    b"",
    b"\x00",
    b"\xff\xfe<\x00z\x00q\x00>\x00",
    b"+ADw-zq+AD4-",
    b"{}",
    b'{"username": ["zq"]}',
    b"[" * 10_000,
    b"%PDF-1.4",
    b"\x89PNG\r\n\x1a\n",
    b"at",
    b"at=",
    b"&" * 5_000,
    b"=" * 5_000,
    b"%",
    b"clear=1",
    b"at=ballard.1.1&" * 60,
    b"a=" + b"b" * 3_000_000,
]
_FIELDS = [
    "at",
    "clear",
    "next",
    "username",
    "password",
    "csrfmiddlewaretoken",
    "this_is_the_login_form",
]


def manners(chance, methods):
    """How something is asked for: a method, and some headers."""
    names = sorted({name for name, _ in _HEADERS})

    def header():
        if chance.random() < 0.1:
            text = "".join(chr(chance.randrange(0x20, 0x100)) for _ in range(chance.randrange(20)))
            return chance.choice(names), text
        return chance.choice(_HEADERS)

    def headers():
        found = [header() for _ in range(chance.choice([0, 1, 1, 2, 3]))]
        if chance.random() < 0.1:
            found.append(("Cookie", chance.choice(_COOKIES)))
        elif methods is _UNSAFE_METHODS and chance.random() < 0.5:
            # Forms are read for a token only where there is one in a cookie, too.
            found.append(("Cookie", f"csrftoken={_TOKEN}"))
        return tuple(found)

    table = [(chance.choice(methods), headers()) for _ in range(_ROWS)]
    return st.sampled_from([(methods[0], ()), *table])


def queries(chance, names, right):
    """Queries of the parameters of a page, and of others, each once or many times.

    ``right`` are values that it takes, as they stand in an address.
    """
    names = [*names, *names, "q", "page", "show", "preview", "order", "zq", quote(MARKUP)]
    table = [_pair(chance, names, right) for _ in range(_ROWS)]
    pairs = [st.sampled_from(table)] * 4
    made_up = st.tuples(st.sampled_from(names), _made_up()).map("=".join)
    return st.lists(st.one_of(*pairs, made_up), max_size=4).map(
        lambda found: "&".join(found)[:_LONGEST_QUERY]
    )


def added(paths, found):
    """Targets: one of ``paths``, or the one, with one of the queries or none."""
    paths = st.just(paths) if isinstance(paths, str) else paths
    return st.builds(lambda path, query: f"{path}?{query}" if query else path, paths, found)


def spoilt(chance, addresses):
    """``addresses`` with a part that is another one, gone, there twice, or cut off."""

    def spoil(address):
        parts = address.split("/")
        place = chance.randrange(len(parts))
        match chance.randrange(8):
            case 0:
                del parts[place]
            case 1:
                parts.insert(place, parts[place])
            case 2:
                parts[place] = parts[place].upper()
            case 3:
                parts[place] = parts[place][:-1]
            case 4:
                parts[place] += chance.choice(ALL_NASTY)
            case 5:
                parts[place] = quote(chance.randbytes(chance.randrange(12)))
            case _:
                parts[place] = chance.choice(ALL_NASTY)
        return _as_path(parts)

    return st.sampled_from([spoil(chance.choice(addresses)) for _ in range(_ROWS)])


def from_nothing():
    named = st.sampled_from([*ALL_NASTY, ".", "..", ".git", "wp-login.php", "a" * 8_000])
    return st.lists(st.one_of(_made_up(), named), max_size=4).map(_as_path)


def reading(chance, targets):
    return st.builds(_sent, targets, manners(chance, _METHODS))


def writing(chance, targets, right=()):
    """With bodies of every kind, said to be of the same or of another one.

    ``right`` are values that the forms take.
    """

    right = [*right, _TOKEN]

    def said():
        length = chance.choice([None, None, None, *_LENGTHS])
        found = [("Content-Type", chance.choice([*[_TYPES[0]] * 20, *[_MULTIPART] * 10, *_TYPES]))]
        return tuple(found if length is None else [*found, ("Content-Length", length)])

    forms = [
        "&".join(_pair(chance, _FIELDS, right) for _ in range(chance.randrange(4))).encode()
        for _ in range(_ROWS)
    ]
    bodies = st.one_of(st.sampled_from(forms), st.sampled_from(_BODIES), st.binary(max_size=40))
    types = st.sampled_from([said() for _ in range(_ROWS)])
    return st.builds(_sent, targets, manners(chance, _UNSAFE_METHODS), types, bodies)


def _sent(target, manner, more_headers=(), body=b""):
    method, headers = manner
    return Sent(method, target, headers + more_headers, body)


def _made_up():
    """A value as it stands in an address."""
    return st.one_of(
        st.binary(max_size=12).map(quote),
        st.text(max_size=12).map(lambda text: quote(text, errors="surrogatepass")),
    )


def _pair(chance, names, right):
    pair = f"{chance.choice(names)}={_value(chance, right)}"
    times = chance.choice([1] * 12 + [2, 60, 1_000])
    return "&".join([pair] * min(times, max(1, _LONGEST_QUERY // len(pair))))


def _value(chance, right):
    match chance.randrange(5):
        case 0 | 1 if right:
            return chance.choice(right)
        case 2:
            return quote(chance.choice(FOUND_BY))
        case 3:
            return quote(chance.randbytes(chance.randrange(12)))
        case _:
            return chance.choice(ALL_NASTY)


def _as_path(parts):
    return ("/" + "/".join(parts).lstrip("/")).replace("?", "%3f")
