"""What is told of each kind of entry: on a list, and with more of what belongs to it on its own."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .. import models
from .fields import (
    AddressField,
    EpisodeLink,
    ExternalIds,
    Fields,
    Link,
    Network,
    PartialDateField,
    Picture,
    Source,
)


class Root(Fields):
    name = serializers.CharField(help_text="The name of the franchise.")
    lists = serializers.DictField(child=serializers.URLField(), help_text="Where each list is.")


class Entry(Fields):
    url = AddressField()
    page = AddressField(page=True)
    slug = serializers.CharField()
    name = serializers.CharField()
    updated = serializers.DateTimeField(source="updated_at")


class WithOtherNames(Fields):
    other_names = serializers.ListField(child=serializers.CharField(), source="also_known_as")


class WithSources(Fields):
    sources = serializers.SerializerMethodField()

    @extend_schema_field(Source(many=True))
    def get_sources(self, entry):
        rows = models.Source.objects.told_to(self.audience)
        rows = rows.supporting(**{entry._meta.model_name: [entry.pk]})
        return Source(rows, many=True, context=self.context).data


# Series ------------------------------------------------------------------------------------------


class Series(Entry, WithOtherNames):
    tagline = serializers.CharField()
    synopsis = serializers.CharField(help_text="Markdown.")
    status = serializers.SerializerMethodField()
    network = Network(allow_null=True)
    premiered = PartialDateField(allow_null=True)
    ended = PartialDateField(source="told_end", allow_null=True)
    season_count = serializers.IntegerField()
    episode_count = serializers.IntegerField()
    based_on = serializers.CharField()
    country = serializers.CharField()
    language = serializers.CharField()
    production_companies = serializers.ListField(
        child=serializers.CharField(), source="production_company_list"
    )
    opening_theme = serializers.CharField()
    cover = Picture(allow_null=True)
    external_ids = ExternalIds(source="*")

    @extend_schema_field(
        {
            "type": ["string", "null"],
            "enum": [*models.Series.Status.values, None],
            "description": "Null while it would give away how the series goes on.",
        }
    )
    def get_status(self, series):
        return series.status if series.told_status else None


class SeasonOfSeries(Link):
    number = serializers.IntegerField()
    premiered = PartialDateField(allow_null=True)


class Connection(Fields):
    """How a series hangs together with another one."""

    phrase = serializers.CharField(help_text="Read from this series to the other: spin-off of.")
    series = Link()
    episode = EpisodeLink(allow_null=True, help_text="Where the one leads to the other.")
    note = serializers.CharField()


class SeriesDetail(Series, WithSources):
    seasons = serializers.SerializerMethodField()
    connections = serializers.SerializerMethodField()

    @extend_schema_field(SeasonOfSeries(many=True))
    def get_seasons(self, series):
        rows = models.Season.objects.visible_to(self.audience).of(series)
        return SeasonOfSeries(rows, many=True, context=self.context).data

    @extend_schema_field(Connection(many=True))
    def get_connections(self, series):
        links = models.SeriesLink.objects.visible_to(self.audience).of(series)
        rows = [self._seen_from(series, link) for link in links]
        return Connection(rows, many=True, context=self.context).data

    def _seen_from(self, series, link):
        episode, note = link.told_to(self.audience)
        is_own = link.from_series_id == series.pk
        return {
            "phrase": link.get_kind_display() if is_own else link.reverse_phrase,
            "series": link.to_series if is_own else link.from_series,
            "episode": episode,
            "note": note,
        }


class Ahead(Fields):
    """A season or an episode; of one that is still to be seen, it tells what gives nothing away."""

    def kept(self, row, value, *, else_=""):
        return else_ if row.is_ahead else value


class Season(Ahead):
    url = AddressField()
    page = AddressField(page=True)
    series = Link()
    number = serializers.IntegerField(help_text="0 holds the specials.")
    name = serializers.CharField(source="title")
    network = serializers.SerializerMethodField()
    premiered = PartialDateField(allow_null=True)
    synopsis = serializers.SerializerMethodField(help_text="Markdown.")
    source_novels = serializers.SerializerMethodField()
    episode_count = serializers.IntegerField()

    @extend_schema_field(Network(allow_null=True))
    def get_network(self, season):
        network = season.network or season.series.network
        return network and Network(network).data

    def get_synopsis(self, season) -> str:
        return self.kept(season, season.synopsis)

    def get_source_novels(self, season) -> list[str]:
        return self.kept(season, season.source_novel_list, else_=[])


class SeasonDetail(Season, WithSources):
    pass


class Episode(Ahead):
    url = AddressField()
    page = AddressField(page=True)
    series = Link()
    season = Link()
    number = serializers.IntegerField()
    code = serializers.CharField(help_text="Its place in the series: S3E10.")
    name = serializers.CharField(source="title")
    other_names = serializers.SerializerMethodField()
    aired = PartialDateField(allow_null=True)
    runtime = serializers.IntegerField(allow_null=True, help_text="In minutes.")
    synopsis = serializers.SerializerMethodField(help_text="Markdown.")
    source_novels = serializers.SerializerMethodField()
    external_ids = serializers.SerializerMethodField()

    def get_other_names(self, episode) -> list[str]:
        return self.kept(episode, episode.also_known_as, else_=[])

    def get_synopsis(self, episode) -> str:
        return self.kept(episode, episode.synopsis)

    def get_source_novels(self, episode) -> list[str]:
        return self.kept(episode, episode.source_novel_list, else_=[])

    @extend_schema_field(ExternalIds(allow_null=True))
    def get_external_ids(self, episode):
        # Whoever looks them up reads the title there.
        return self.kept(episode, ExternalIds(episode).data, else_=None)


class EpisodeDetail(Episode, WithSources):
    pass


# People and characters ---------------------------------------------------------------------------


class PlayedBy(Fields):
    person = Link()
    series = Link()
    kind = serializers.CharField()


class Character(Entry, WithOtherNames):
    full_name = serializers.CharField()
    occupation = serializers.CharField()
    biography = serializers.CharField(help_text="Markdown.")
    played_by = PlayedBy(many=True, source="shown_portrayals")
    first_appearance = serializers.SerializerMethodField()
    inspired_by = serializers.SerializerMethodField()
    image = Picture(allow_null=True)
    tvmaze_id = serializers.IntegerField(allow_null=True)

    @extend_schema_field(EpisodeLink(allow_null=True))
    def get_first_appearance(self, character):
        episode = self.audience.shown(character.first_appearance)
        return episode and EpisodeLink(episode, context=self.context).data

    @extend_schema_field(Link(allow_null=True))
    def get_inspired_by(self, character):
        person = self.audience.shown(character.inspired_by)
        return person and Link(person, context=self.context).data


class Relation(Fields):
    phrase = serializers.CharField(help_text="Read from this character to the other: daughter of.")
    character = Link()
    note = serializers.CharField()


class Belonging(Fields):
    standing = serializers.ChoiceField(models.Membership.Standing.choices)
    role = serializers.CharField()
    former = serializers.BooleanField()
    started = PartialDateField(allow_null=True)
    ended = PartialDateField(allow_null=True)


class BelongingTo(Belonging):
    organization = Link()


class Fact(Fields):
    text = serializers.CharField()


class CharacterDetail(Character, WithSources):
    relationships = serializers.SerializerMethodField()
    memberships = serializers.SerializerMethodField()
    facts = serializers.SerializerMethodField()

    @extend_schema_field(Relation(many=True))
    def get_relationships(self, character):
        rows = models.Relationship.objects.open_to(self.audience).of(character)
        told = [self._seen_from(character, row) for row in rows]
        return Relation(told, many=True, context=self.context).data

    @staticmethod
    def _seen_from(character, row):
        is_own = row.character_id == character.pk
        return {
            "phrase": row.kind.phrase if is_own else row.kind.reverse_phrase,
            "character": row.other if is_own else row.character,
            "note": row.note,
        }

    @extend_schema_field(BelongingTo(many=True))
    def get_memberships(self, character):
        rows = models.Membership.objects.open_to(self.audience).for_character(character)
        return BelongingTo(rows, many=True, context=self.context).data

    @extend_schema_field(Fact(many=True))
    def get_facts(self, character):
        rows = models.CharacterFact.objects.open_to(self.audience).for_character(character)
        return Fact(rows, many=True, context=self.context).data


class Person(Entry, WithOtherNames):
    born = PartialDateField(allow_null=True)
    died = PartialDateField(allow_null=True)
    birth_place = serializers.CharField()
    biography = serializers.CharField(help_text="Markdown.")
    image = Picture(allow_null=True)
    external_ids = ExternalIds(source="*")


class WebLink(Fields):
    label = serializers.CharField()
    url = serializers.URLField()


class PersonDetail(Person, WithSources):
    links = WebLink(many=True, source="shown_links")


# Organizations, news and watch orders ------------------------------------------------------------


class Organization(Entry, WithOtherNames):
    description = serializers.CharField(help_text="Markdown.")
    parent = serializers.SerializerMethodField()
    member_count = serializers.IntegerField()
    image = Picture(allow_null=True)

    @extend_schema_field(Link(allow_null=True))
    def get_parent(self, organization):
        parent = self.audience.shown(organization.parent)
        return parent and Link(parent, context=self.context).data


class OrganizationDetail(Organization, WithSources):
    divisions = serializers.SerializerMethodField()

    @extend_schema_field(Link(many=True))
    def get_divisions(self, organization):
        rows = models.Organization.objects.visible_to(self.audience).divisions_of(organization)
        return Link(rows, many=True, context=self.context).data


class News(Entry):
    name = serializers.CharField(help_text="The headline.")
    date = PartialDateField(allow_null=True)
    kind = serializers.ChoiceField(models.Announcement.Kind.choices)
    body = serializers.CharField(help_text="Markdown.")
    series = Link(many=True, source="shown_series")
    people = Link(many=True, source="shown_people")
    characters = Link(many=True, source="shown_characters")


class NewsDetail(News, WithSources):
    pass


class WatchOrder(Entry):
    description = serializers.CharField(help_text="Markdown.")
    step_count = serializers.IntegerField()


class Step(Fields):
    number = serializers.IntegerField()
    target = Link(help_text="A series, a season or an episode.")
    importance = serializers.ChoiceField(models.WatchStep.Importance.choices)
    reason = serializers.CharField()


class WatchOrderDetail(WatchOrder, WithSources):
    steps = serializers.SerializerMethodField()

    @extend_schema_field(Step(many=True))
    def get_steps(self, order):
        steps = models.WatchStep.objects.visible_to(self.audience)
        if order.is_by_release:
            seasons = models.Season.objects.visible_to(self.audience)
            rows = steps.for_seasons(order, seasons.by_release(self.audience, order))
        else:
            rows = steps.of(order).for_order(self.audience)
        for number, row in enumerate(rows, start=1):
            row.number = number
        return Step(rows, many=True, context=self.context).data


# What ties them together -------------------------------------------------------------------------


class Portrayal(Fields):
    person = Link()
    character = Link(allow_null=True)
    role = serializers.CharField(help_text="The character, or words that stand for one.")
    series = Link()
    kind = serializers.CharField(help_text="Such as main, guest or voice; blank where unknown.")
    announced = serializers.BooleanField(help_text="Nothing of it has been shown yet.")
    billing = serializers.IntegerField(
        allow_null=True, help_text="The place in the opening titles, from 1."
    )
    credited_as = serializers.CharField()
    note = serializers.CharField()
    span = serializers.CharField(help_text="Where it is played, as far as known: Seasons 1–3.")


class Job(Fields):
    slug = serializers.CharField()
    name = serializers.CharField()
    department = serializers.ChoiceField(models.Job.Department.choices)


class Credit(Fields):
    person = Link()
    job = Job()
    series = Link()
    mark = serializers.CharField(
        help_text="The episode or season that it is for: S3E10; blank for the whole series."
    )
    note = serializers.CharField()


class Membership(Belonging):
    character = Link()
    organization = Link()
