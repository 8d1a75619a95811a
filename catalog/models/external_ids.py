import re

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

# What an integer column of PostgreSQL holds; SQLite alone would take more.
LARGEST_ID = 2**31 - 1

_NUMBERS = ("tmdb_id", "tvdb_id", "tvmaze_id")

_ADDRESSES = {
    "imdb_id": ("IMDb", "https://www.imdb.com/{kind}/{value}/"),
    "tvmaze_id": ("TVmaze", "https://www.tvmaze.com/{kind}/{value}"),
    "tmdb_id": ("TMDB", "https://www.themoviedb.org/{kind}/{value}"),
    "wikidata_id": ("Wikidata", "https://www.wikidata.org/wiki/{value}"),
}
# How people copy them out of their browsers: of a telephone, with a title or a question at the end.
_PAGE = re.compile(
    r"https?://(?:www\.|m\.)?"
    r"(?P<site>imdb\.com|tvmaze\.com|themoviedb\.org|wikidata\.org)/"
    r"(?P<kind>\w+)/(?P<value>(?:tt|nm|Q)?\d{1,10})(?![\w])",
    re.IGNORECASE | re.ASCII,
)


def ids_in(link: str, kinds: dict[str, str]) -> list[tuple[str, str]]:
    """[(field, id)] for a link to a page that another catalogue has of a kind of thing.

    ``kinds`` says what each calls that kind, as ``ExternalIds.external_kinds``. Empty for any
    other link.
    """
    match = _PAGE.match(link)
    if match is None:
        return []
    return [
        (name, match["value"])
        for name, (_, address) in _ADDRESSES.items()
        if match["site"].lower() in address
        and match["kind"].lower() == kinds.get(name, "wiki")
        and match["value"].isdecimal() == (name in _NUMBERS)
        and (name not in _NUMBERS or int(match["value"]) <= LARGEST_ID)
    ]


class ExternalIds(models.Model):
    """What other catalogues call the same thing. Blank means that nobody has looked it up yet."""

    imdb_id = models.CharField(
        "IMDb id",
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^(tt|nm)\d{7,9}$", "An IMDb id reads like tt3502248.")],
    )
    tmdb_id = models.PositiveIntegerField(
        "TMDB id", null=True, blank=True, validators=[MaxValueValidator(LARGEST_ID)]
    )
    tvdb_id = models.PositiveIntegerField(
        "TheTVDB id", null=True, blank=True, validators=[MaxValueValidator(LARGEST_ID)]
    )
    tvmaze_id = models.PositiveIntegerField(
        "TVmaze id", null=True, blank=True, validators=[MaxValueValidator(LARGEST_ID)]
    )
    wikidata_id = models.CharField(
        "Wikidata id",
        max_length=15,
        blank=True,
        validators=[RegexValidator(r"^Q[1-9]\d*$", "A Wikidata id reads like Q4947981.")],
    )

    # What IMDb, TVmaze and TMDB call this kind of thing in their addresses.
    external_kinds = {}

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=[name],
                condition=Q(**{f"{name}__isnull": False}) if name in _NUMBERS else ~Q(**{name: ""}),
                name=f"%(class)s_{name}_unique",
                violation_error_message=f"Another entry already has this {label} id.",
            )
            for name, label in [
                ("imdb_id", "IMDb"),
                ("tmdb_id", "TMDB"),
                ("tvdb_id", "TheTVDB"),
                ("tvmaze_id", "TVmaze"),
                ("wikidata_id", "Wikidata"),
            ]
        ]

    @property
    def external_links(self) -> list[tuple[str, str]]:
        """(site, address) of the same thing elsewhere."""
        return [
            (site, address.format(kind=self.external_kinds.get(name), value=getattr(self, name)))
            for name, (site, address) in _ADDRESSES.items()
            if getattr(self, name) and (name in self.external_kinds or "{kind}" not in address)
        ]
