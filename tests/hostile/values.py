"""What strangers write into addresses, headers and forms."""

from urllib.parse import quote

# It shall stand in no page as it is here: neither as an element nor behind the end of an attribute.
MARKUP = "<zq>\"zqa='1'zqa=\"1<script>zq()</script><!--zq"

# As they stand in an address.
NASTY = {
    "NUL": "%00",
    "NUL inside": "a%00b",
    "broken UTF-8": "%ff%fe",
    "half a character": "%c3",
    "lone surrogate": "%ed%a0%80",
    "overlong": "%c0%80",
    "10,000 characters": "a" * 10_000,
    "10,000 accents": quote("é" * 10_000),
    "huge number": "9" * 5_000,
    "negative": "-1",
    "quotation marks": quote("\"'`"),
    "SQL": quote("'; DROP TABLE catalog_series; --"),
    "wildcards": quote("%_\\"),
    "query operators": quote('NOT "a" AND ( b* OR NEAR'),
    "markup": quote("<script>alert(1)</script>"),
    "template": quote("{{ request }}{% csrf_token %}"),
    "right to left": quote("\u202eabc\u202c שלום"),
    "emoji": quote("🕵️‍♀️"),
    "only punctuation": quote("!?—…"),
    "blank": quote("   \t\n"),
    "line breaks": "%0d%0aSet-Cookie:%20a=b",
}

ALL_NASTY = [
    *NASTY.values(),
    quote(MARKUP),
    MARKUP.replace(" ", "+"),
    "",
    "%",
    "%zz",
    "%u0041",
    "..%2f..%2f..%2fetc%2fpasswd",
    "../../manage.py",
    "//evil.example/",
    "https://evil.example/",
    "javascript:zq()",
    "1e9",
    "NaN",
    "0x10",
    "1.0",
    "+1",
    quote("٣"),
    "\xd9\xa3",  # the same, not quoted: bytes as WSGI has them
    "\xb2",
    "None",
    "[]",
    "a;b,c",
    "%0a",
    "%0d%0a%0d%0a<zq>",
    quote("ẞ" * 300),
    quote("a" + "\u0301" * 300),
    quote("\ufeff\u200b\u2066\u2069"),
    quote("\U0010ffff\ufffe"),
    "%f4%90%80%80",
    "s9999e9999",
    quote("season 1 episode " + "9" * 30),
    "(" * 200,
    quote('"' * 99),
]
