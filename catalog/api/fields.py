"""What many kinds of entries tell in one form: links, dates, pictures."""

from django.urls import get_script_prefix, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ..models import Season


@extend_schema_field(
    {
        "type": "string",
        "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$",
        "description": "A day, a month or a year: as exact as what is known.",
        "examples": ["2025-07-09", "2025-07", "2025"],
    }
)
class PartialDateField(serializers.Field):
    def to_representation(self, date):
        return date.iso


@extend_schema_field(OpenApiTypes.URI)
class AddressField(serializers.Field):
    """Where the entry is: here, or as a ``page`` for people."""

    def __init__(self, *, page=False, **kwargs):
        self._page = page
        super().__init__(source="*", **kwargs)

    def to_representation(self, entry):
        return address_of(entry, self.context["request"], page=self._page)


def address_of(entry, request, *, page=False) -> str:
    path = entry.get_absolute_url()
    if not page:
        # Each is at the same path as its page, below the root of the API.
        path = reverse("catalog:api:root") + path.removeprefix(get_script_prefix())
    return request.build_absolute_uri(path)


class Fields(serializers.Serializer):
    """What is told of a row; of the one that was asked for, only the ``fields`` that were."""

    def get_fields(self):
        fields = super().get_fields()
        asked = self.context.get("fields")
        if asked is None or not self._is_outermost:
            return fields
        return {name: field for name, field in fields.items() if name in asked}

    @property
    def _is_outermost(self):
        parent = self.parent
        return parent is None or (
            isinstance(parent, serializers.ListSerializer) and parent.parent is None
        )

    @property
    def audience(self):
        return self.context["request"].audience


class Link(Fields):
    """An entry elsewhere in the catalogue."""

    name = serializers.SerializerMethodField()
    url = AddressField()
    page = AddressField(page=True)

    def get_name(self, entry) -> str:
        return entry.title if isinstance(entry, Season) else str(entry)


class EpisodeLink(Link):
    name = serializers.CharField(source="title")
    code = serializers.CharField(help_text="Its place in the series: S3E10.")


class Network(Fields):
    name = serializers.CharField()


class Picture(Fields):
    """A picture, with the terms on which it may be shown."""

    url = serializers.SerializerMethodField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt_text = serializers.CharField()
    credit = serializers.CharField()
    licence = serializers.CharField()
    source_url = serializers.CharField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, picture):
        return self.context["request"].build_absolute_uri(picture.file.url)


class ExternalIds(Fields):
    """What other catalogues call it; null where nobody has looked it up."""

    imdb = serializers.SerializerMethodField()
    tmdb = serializers.IntegerField(source="tmdb_id", allow_null=True)
    tvdb = serializers.IntegerField(source="tvdb_id", allow_null=True)
    tvmaze = serializers.IntegerField(source="tvmaze_id", allow_null=True)
    wikidata = serializers.SerializerMethodField()

    def get_imdb(self, entry) -> str | None:
        return entry.imdb_id or None

    def get_wikidata(self, entry) -> str | None:
        return entry.wikidata_id or None


class Source(Fields):
    """Where it is known from."""

    publisher = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    published = PartialDateField(allow_null=True)
