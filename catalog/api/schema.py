"""What the API says of itself, as OpenAPI has it."""

from drf_spectacular.openapi import AutoSchema

from ..filters.options import EntryFilter, MatchChoice, SeriesChoice, TextFilter
from ..filters.sorting import SortChoice
from .problems import MEDIA_TYPE

_SLUGS = "Its slug, as its address has it; an old one and a name will do."

PROBLEM = {
    "type": "object",
    "description": "What is wrong, and what to do (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}

_PLACE = r"[-\w]{1,110}\.(all|\d{1,4}\.\d{1,4})"

_EVERYWHERE = [
    {
        "name": "progress",
        "in": "query",
        "required": False,
        "description": "How far somebody is, such as `bosch.3.4~ballard.all`, or `none`: what is "
        "revealed later is left out, what was revealed before stands open. The cookie of the "
        "pages says the same.",
        "schema": {"type": "string", "pattern": f"^(none|{_PLACE}(~{_PLACE})*)$"},
    },
    {
        "name": "fields",
        "in": "query",
        "required": False,
        "description": "Only these fields, with commas between them.",
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": "form",
        "explode": False,
    },
]

_PROBLEMS = {
    400: "Something that was asked for is not known here.",
    404: "There is nothing here that is open to whoever asks.",
    429: "Asked too often: `Retry-After` says when to ask again.",
    503: "The database does not answer for now.",
}
# Of a list, nothing is missing.
_OF_LISTS = (400, 429, 503)

_HEADERS = {
    "ETag": "Send it as `If-None-Match`: while nothing has changed, the answer is 304.",
    "RateLimit-Policy": "How often an address may ask: `q` times in `w` seconds.",
    "RateLimit": "How often it may still ask (`r`), and in how many seconds anew (`t`).",
}


def parameters_of(filter_set) -> list[dict]:
    """The parameters of the list that ``filter_set`` narrows."""
    declared = filter_set.base_filters if filter_set is not None else {}
    return [_parameter(name, each, filter_set) for name, each in declared.items()]


def _parameter(name, declared, filter_set):
    if isinstance(declared, SortChoice):
        names = [word for order in filter_set.orders for word in (order, f"-{order}")]
        schema = {"type": "string", "enum": names, "default": filter_set.default_sort}
        return _in_query(name, "The order; with “-” the other way round.", schema)
    if isinstance(declared, MatchChoice):
        words = f"`all`: every {declared.of} that was chosen, not any of them."
        return _in_query(name, words, {"type": "string", "enum": ["all"]})
    if isinstance(declared, TextFilter):
        return _in_query(name, "Every word is in a name.", {"type": "string", "maxLength": 200})
    words = f"{declared.label}."
    if isinstance(declared, EntryFilter | SeriesChoice):
        words = f"{declared.label}. {_SLUGS}"
    schema = {"type": "string"}
    if not declared.several:
        return _in_query(name, words, schema)
    told = _in_query(
        name, f"{words} May be told several times.", {"type": "array", "items": schema}
    )
    return told | {"explode": True, "style": "form"}


def _in_query(name, words, schema):
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": words,
        "schema": schema,
    }


class Schema(AutoSchema):
    """Of one address: REST framework's own reading, with what all of them share."""

    def _is_list_view(self, serializer=None):
        return getattr(self.view, "is_list", False)

    def get_operation_id(self):
        return self.view.__class__.__name__[0].lower() + self.view.__class__.__name__[1:]

    def get_tags(self):
        path = self.path.removeprefix("/api/v1").strip("/")
        return [path.partition("/")[0] or "root"]

    def get_description(self):
        return (type(self.view).__doc__ or "").strip()

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        known = {each["name"] for each in operation.get("parameters", ())}
        own = [each for each in _EVERYWHERE if each["name"] in self.view.known - known]
        operation["parameters"] = [*operation.get("parameters", ()), *own]
        for answer in operation["responses"].values():
            answer["headers"] = {
                name: {"description": words, "schema": {"type": "string"}}
                for name, words in _HEADERS.items()
            }
        problem = {"$ref": "#/components/schemas/Problem"}
        for status, words in _PROBLEMS.items():
            if status in _OF_LISTS or not self._is_list_view():
                content = {MEDIA_TYPE: {"schema": problem}}
                operation["responses"][str(status)] = {"description": words, "content": content}
        operation["responses"]["304"] = {"description": "What the client has is still so."}
        return operation


def mended(result, **kwargs):
    """The schema with what no serializer says: the form of problems, and what may be left out.

    A hook of drf-spectacular's.
    """
    forms = result["components"]["schemas"]
    forms["Problem"] = PROBLEM
    for path in result["paths"].values():
        for answer in path["get"]["responses"]["200"]["content"].values():
            form = answer["schema"]
            form = forms[_name_of(form)] if "$ref" in form else form
            rows = form["properties"].get("results")
            # What an address tells of its own rows is narrowed by ``fields``.
            own = form if rows is None else forms[_name_of(rows["items"])]
            own.pop("required", None)
    return result


def _name_of(form):
    return form["$ref"].rpartition("/")[2]
