"""The form of the catalogue's data files.

For every kind of row: what it is known by, and what a file may say of it. Files are
read by this table, and can be written by it. What type a value has follows from the
model's field: a foreign key is written as the slug of its target (an episode as
"bosch S3E10", a season as "bosch S3"), many of them as a list, lines as a list of texts,
a partial date as its ISO text, a picture as the file that lies beside the data files.
"""

from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import PurePosixPath

from django.db import models

from ..models import (
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Image,
    Job,
    Membership,
    Network,
    Organization,
    Person,
    PersonLink,
    Portrayal,
    Redirect,
    Relationship,
    RelationshipKind,
    Season,
    Series,
    SeriesLink,
    Source,
    WatchOrder,
    WatchStep,
)
from ..models.entry import Entry


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of row.

    ``name``: what a file calls the list of these rows.
    ``says``: the names that a file may use in a row, in the order in which they are written.
    ``key``: the fields of the model by which a row is found again; together they are unique.
    ``owner``: for rows written inside another one, the field that points to it.
    ``renamed``: names in a file that differ from the model's field.
    ``spread``: a list in a file that stands for one row for each of its items, with the
    field that takes the item.
    ``within_series``: the row names its series, so its seasons are plain numbers and its
    episodes are "S3E10".
    ``rows``: the kinds of row that are written inside this one.
    """

    name: str
    model: type[models.Model]
    says: tuple[str, ...]
    key: tuple[str, ...] = ("slug",)
    owner: str = ""
    renamed: tuple[tuple[str, str], ...] = ()
    spread: tuple[tuple[str, str], ...] = ()
    within_series: bool = False
    rows: tuple["Kind", ...] = ()

    def __str__(self):
        return self.name

    @property
    def word(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def is_entry(self) -> bool:
        """Whether its rows have pages of their own, with a state."""
        return issubclass(self.model, Entry)

    @cached_property
    def fields(self) -> dict[str, models.Field]:
        """The model's field for each name that a file uses, without the rows inside this one."""
        names = {**dict(self.renamed), **dict(self.spread)}
        inside = {kind.name for kind in self.rows}
        return {
            name: self.model._meta.get_field(names.get(name, name))
            for name in self.says
            if name not in inside
        }

    @cached_property
    def written_names(self) -> dict[str, str]:
        """What a file calls each field of the model."""
        return {field.name: name for name, field in self.fields.items()}

    @cached_property
    def references(self) -> dict[str, "Kind"]:
        """The kind that each foreign key leads to, its owner's included."""
        fields = [*self.fields.values()]
        if self.owner:
            fields.append(self.model._meta.get_field(self.owner))
        return {field.name: KIND_OF[field.related_model] for field in fields if field.many_to_one}

    @cached_property
    def needs(self) -> set["Kind"]:
        """The other kinds that its rows point to, which are therefore written first."""
        fields = self.fields.values()
        many = {KIND_OF[field.related_model] for field in fields if field.many_to_many}
        return ({*self.references.values()} | many) - {self}


def _names(text):
    return tuple(text.split())


# Of each model what no file says: it is made anew by whatever loads the rest.
MADE_ANEW = frozenset(
    {
        "id",
        # Of the site, not of the catalogue: when it was entered here.
        "created_at",
        "updated_at",
        # Made from the name and from the states of entries.
        "sort_name",
        "shown_from",
        # Made from the file of a picture.
        "content_hash",
        "width",
        "height",
        "widths",
        "has_avif",
    }
)

# Models of which no file says anything.
STAYS_BEHIND = {
    "Change": "the history of the site",
    "ChangedRow": "the history of the site",
    "LikelyDuplicate": "found anew; what editors have said of a pair is said on this site",
    "PendingImport": "waits for the editor who asked for it",
    "Revision": "counts the changes of the site",
    "SearchEntry": "made from the entries",
    "SearchWord": "made from the entries",
    "Suggestion": "waits to be taken or declined on this site",
    "UploadedSheet": "waits for the editor who sent it",
}

IMAGES = Kind(
    "images",
    Image,
    _names("file alt_text credit licence source_url focal_x focal_y"),
    key=("file",),
)


def picture_called(stored: str) -> str:
    """What a file calls the picture that is stored as ``stored``: by the last part of its name."""
    return f"images/{PurePosixPath(stored).name}"


SOURCES = Kind("sources", Source, _names("slug publisher title url published accessed"))
NETWORKS = Kind("networks", Network, _names("slug name url"))
JOBS = Kind("jobs", Job, _names("slug name department rank"))

PERSON_LINKS = Kind("links", PersonLink, _names("label url"), key=("person", "url"), owner="person")
PEOPLE = Kind(
    "people",
    Person,
    _names(
        "slug name other_names born died birth_place biography image"
        " imdb_id tmdb_id tvdb_id tvmaze_id wikidata_id links sources state publish_at"
    ),
    rows=(PERSON_LINKS,),
)

EPISODES = Kind(
    "episodes",
    Episode,
    _names(
        "number name other_names aired runtime synopsis source_novels"
        " imdb_id tmdb_id tvdb_id tvmaze_id wikidata_id sources"
    ),
    key=("season", "number"),
    owner="season",
)
SEASONS = Kind(
    "seasons",
    Season,
    _names("number name network premiered synopsis source_novels sources episodes"),
    key=("series", "number"),
    owner="series",
    rows=(EPISODES,),
)
SERIES_LINKS = Kind(
    "links",
    SeriesLink,
    _names("kind to episode note sources"),
    key=("from_series", "to_series", "kind"),
    owner="from_series",
    renamed=(("to", "to_series"),),
)
SERIES = Kind(
    "series",
    Series,
    _names(
        "slug name other_names tagline synopsis status network premiered ended accent cover"
        " based_on country language production_companies opening_theme"
        " imdb_id tmdb_id tvdb_id tvmaze_id wikidata_id sources state publish_at links seasons"
    ),
    rows=(SERIES_LINKS, SEASONS),
)

RELATIONSHIP_KINDS = Kind(
    "relationship_kinds", RelationshipKind, _names("slug phrase reverse_phrase")
)
FACTS = Kind(
    "facts",
    CharacterFact,
    _names("text revealed_in sources"),
    key=("character", "text"),
    owner="character",
)
RELATIONSHIPS = Kind(
    "relationships",
    Relationship,
    _names("kind other note revealed_in sources"),
    key=("character", "other", "kind"),
    owner="character",
)
CHARACTERS = Kind(
    "characters",
    Character,
    _names(
        "slug name full_name other_names occupation biography image inspired_by"
        " first_appearance tvmaze_id sources state publish_at facts relationships"
    ),
    rows=(FACTS, RELATIONSHIPS),
)

MEMBERS = Kind(
    "members",
    Membership,
    _names("character standing role former started ended revealed_in sources"),
    key=("organization", "character", "role", "started"),
    owner="organization",
)
ORGANIZATIONS = Kind(
    "organizations",
    Organization,
    _names("slug name other_names description image parent sources state publish_at members"),
    rows=(MEMBERS,),
)

PORTRAYALS = Kind(
    "portrayals",
    Portrayal,
    _names(
        "person character series kind announced seasons first_episode last_episode episodes"
        " billing credited_as note revealed_in sources"
    ),
    key=("person", "character", "series", "kind", "announced"),
    within_series=True,
)
CREDITS = Kind(
    "credits",
    Credit,
    _names("person series job season episodes note sources"),
    key=("person", "job", "series", "season", "episode"),
    spread=(("episodes", "episode"),),
    within_series=True,
)
ANNOUNCEMENTS = Kind(
    "announcements",
    Announcement,
    _names(
        "slug name date kind body series people characters revealed_in sources state publish_at"
    ),
)

STEPS = Kind(
    "steps",
    WatchStep,
    _names("position series season episode importance reason"),
    key=("order", "position"),
    owner="order",
)
WATCH_ORDERS = Kind(
    "watch_orders",
    WatchOrder,
    _names("slug name description arrangement rank sources state publish_at steps"),
    rows=(STEPS,),
)

REDIRECTS = Kind(
    "redirects",
    Redirect,
    _names("old_slug series character person organization announcement watch_order"),
    key=("old_slug", *_names("series character person organization announcement watch_order")),
)

# What a file holds, in the order in which one would read it.
CATALOG = {
    kind.name: kind
    for kind in (
        IMAGES,
        SOURCES,
        NETWORKS,
        JOBS,
        PEOPLE,
        SERIES,
        RELATIONSHIP_KINDS,
        CHARACTERS,
        ORGANIZATIONS,
        PORTRAYALS,
        CREDITS,
        ANNOUNCEMENTS,
        WATCH_ORDERS,
        REDIRECTS,
    )
}


def _with_rows_inside(kind):
    yield kind
    for inside in kind.rows:
        yield from _with_rows_inside(inside)


KIND_OF = {kind.model: kind for top in CATALOG.values() for kind in _with_rows_inside(top)}

# Those that rows of any kind point to.
REFERENCED = frozenset(
    target for kind in KIND_OF.values() for target in {*kind.needs, *kind.references.values()}
)

# Every kind after those that it points to; a CycleError should two kinds ever need each other.
_NEEDS = {kind: sorted(kind.needs, key=str) for kind in KIND_OF.values()}
WRITING_ORDER = tuple(TopologicalSorter(_NEEDS).static_order())
