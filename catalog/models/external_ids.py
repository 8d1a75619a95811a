from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

# What an integer column of PostgreSQL holds; SQLite alone would take more.
LARGEST_ID = 2**31 - 1

_ADDRESSES = {
    "imdb_id": ("IMDb", "https://www.imdb.com/{kind}/{value}/"),
    "tvmaze_id": ("TVmaze", "https://www.tvmaze.com/{kind}/{value}"),
    "tmdb_id": ("TMDB", "https://www.themoviedb.org/{kind}/{value}"),
    "wikidata_id": ("Wikidata", "https://www.wikidata.org/wiki/{value}"),
}


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
                condition=Q(**{f"{name}__isnull": False})
                if name in ("tmdb_id", "tvdb_id", "tvmaze_id")
                else ~Q(**{name: ""}),
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
