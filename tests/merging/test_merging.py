"""Two entries made one, and the whole of it taken back."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.exceptions import ValidationError
from django.test import TestCase

from catalog.history.registry import SUBJECTS, kept_fields
from catalog.history.undoing import undo
from catalog.merging import merge, preview
from catalog.merging.relations import mentions_of, rows_of
from catalog.models import (
    Change,
    Character,
    Credit,
    Membership,
    Person,
    Portrayal,
    Relationship,
)

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_membership,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
    make_source,
)


def stored():
    """All that editors keep, as text."""
    found = {}
    for model in SUBJECTS:
        names = [field.name for field in kept_fields(model)]
        rows = model._base_manager.order_by("pk")
        found[model.__name__] = serializers.serialize("json", rows, fields=names)
    return found


class MergingTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.anna = get_user_model().objects.create_superuser("anna")

    def merge(self, kept, other, **choices):
        return merge(kept, other, choices, self.anna)


class RelationsTests(MergingTestCase):
    def test_every_relation_to_an_entry_is_moved_or_derived(self):
        derived = {"SearchEntry", "LikelyDuplicate"}
        for model in (Person, Character):
            moved = {(f.model, f.name) for f in [*rows_of(model), *mentions_of(model)]}
            pointing = {
                (owner, field.name)
                for owner in apps.get_app_config("catalog").get_models()
                for field in [*owner._meta.fields, *owner._meta.many_to_many]
                if field.related_model is model and owner.__name__ not in derived
            }
            assert moved == pointing


class PeopleTests(MergingTestCase):
    def setUp(self):
        self.kept = make_person("Titus Welliver", born="1962", other_names="T. W.")
        self.other = make_person("Titus Weliver", birth_place="New Haven", imdb_id="nm0920038")
        self.series = make_series("Bosch")

    def test_what_hangs_on_the_other_moves(self):
        portrayal = make_portrayal(self.other, series=self.series)
        credit = make_credit(self.other)
        link = self.other.links.create(label="Site", url="https://example.com/")
        news = make_announcement(people=[self.other])
        model = make_character(inspired_by=self.other)
        self.merge(self.kept, self.other)
        for row in (portrayal, credit, link):
            row.refresh_from_db()
            assert row.person == self.kept
        model.refresh_from_db()
        assert model.inspired_by == self.kept
        assert list(news.people.all()) == [self.kept]
        assert Person.objects.get() == self.kept

    def test_names_become_other_names_each_once(self):
        self.other.other_names = "T. W.\nTitus"
        self.other.save()
        self.merge(self.kept, self.other)
        kept = Person.objects.get()
        assert kept.name == "Titus Welliver"
        assert kept.also_known_as == ["Titus Weliver", "T. W.", "Titus"]

    def test_a_chosen_name_makes_the_other_one_another(self):
        self.merge(self.kept, self.other, name=True)
        kept = Person.objects.get()
        assert kept.name == "Titus Weliver"
        assert "Titus Welliver" in kept.also_known_as

    def test_what_only_the_other_knows_is_taken_over(self):
        self.merge(self.kept, self.other)
        kept = Person.objects.get()
        assert (str(kept.born), kept.birth_place, kept.imdb_id) == (
            "1962",
            "New Haven",
            "nm0920038",
        )

    def test_fields_are_chosen_one_by_one(self):
        self.other.born = "1961"
        self.other.save()
        self.merge(self.kept, self.other, born=True, birth_place=False)
        kept = Person.objects.get()
        assert (str(kept.born), kept.birth_place) == ("1961", "")

    def test_sources_are_joined(self):
        sources = [make_source() for _ in range(3)]
        self.kept.sources.set(sources[:2])
        self.other.sources.set(sources[1:])
        self.merge(self.kept, self.other)
        assert set(Person.objects.get().sources.all()) == set(sources)

    def test_every_old_address_leads_to_the_one_that_stays(self):
        self.other.slug = "weliver"
        self.other.save()
        self.merge(self.kept, self.other)
        for slug in ("weliver", "titus-weliver"):
            response = self.client.get(f"/people/{slug}/")
            self.assertRedirects(response, "/people/titus-welliver/", status_code=301)

    def test_the_address_of_the_other_may_be_chosen(self):
        self.merge(self.kept, self.other, slug=True)
        assert Person.objects.get().slug == "titus-weliver"
        response = self.client.get("/people/titus-welliver/")
        self.assertRedirects(response, "/people/titus-weliver/", status_code=301)

    def test_the_same_part_folds_and_nothing_of_it_is_lost(self):
        character = make_character()
        seasons = [make_season(self.series, number=number) for number in (1, 2)]
        first, last = (make_episode(season, number=5) for season in seasons)
        sources = [make_source(), make_source()]
        mine = make_portrayal(
            self.kept, character, self.series, seasons=seasons[:1], billing=2, note="Mine."
        )
        mine.first_episode = mine.last_episode = last
        mine.save()
        mine.sources.add(sources[0])
        theirs = make_portrayal(
            self.other,
            character,
            self.series,
            seasons=seasons[1:],
            billing=3,
            note="Theirs.",
            credited_as="T. Weliver",
            first_episode=first,
            last_episode=first,
        )
        theirs.sources.add(sources[1])
        self.merge(self.kept, self.other)
        part = Portrayal.objects.get()
        assert part == mine
        assert set(part.seasons.all()) == set(seasons)
        assert set(part.sources.all()) == set(sources)
        assert (part.first_episode, part.last_episode) == (first, last)
        assert (part.billing, part.note, part.credited_as) == (2, "Mine.; Theirs.", "T. Weliver")

    def test_the_later_episode_keeps_a_folded_part_from_those_who_have_not_seen_it(self):
        character, season = make_character(), make_season(self.series)
        early, late = (make_episode(season, number=number) for number in (1, 9))
        make_portrayal(self.kept, character, self.series, revealed_in=early)
        make_portrayal(self.other, character, self.series, revealed_in=late)
        self.merge(self.kept, self.other)
        assert Portrayal.objects.get().revealed_in == late

    def test_other_parts_do_not_fold(self):
        character = make_character()
        make_portrayal(self.kept, character, self.series, kind="main")
        make_portrayal(self.other, character, self.series, kind="guest")
        self.merge(self.kept, self.other)
        assert Portrayal.objects.filter(person=self.kept).count() == 2

    def test_the_same_credit_folds(self):
        job, season = make_job(), make_season(self.series)
        for fields in ({}, {"season": season}, {"episode": make_episode(season)}):
            make_credit(self.kept, self.series, job, **fields)
            make_credit(self.other, self.series, job, note="Pilot.", **fields)
        self.merge(self.kept, self.other)
        assert [credit.note for credit in Credit.objects.all()] == ["Pilot."] * 3

    def test_the_same_link_folds(self):
        for person in (self.kept, self.other):
            person.links.create(label="Site", url="https://example.com/")
        self.merge(self.kept, self.other)
        assert self.kept.links.count() == 1

    def test_a_person_is_not_merged_with_itself(self):
        with self.assertRaisesMessage(ValidationError, "two different entries"):
            self.merge(self.kept, Person.objects.get(pk=self.kept.pk))

    def test_one_that_is_gone_is_said_to_be(self):
        Person.objects.filter(pk=self.other.pk).delete()
        with self.assertRaisesMessage(ValidationError, "has been deleted"):
            self.merge(self.kept, self.other)

    def test_what_cannot_be_done_changes_nothing(self):
        self.other.died = "1950"
        self.other.save()
        make_portrayal(self.other)
        before = stored()
        with self.assertRaises(ValidationError):
            self.merge(self.kept, self.other)  # it would have died before it was born
        assert stored() == before
        assert not Change.objects.exists()

    def test_a_preview_changes_nothing_and_tells_all(self):
        make_portrayal(self.other, series=self.series)
        before = stored()
        shown = preview(self.kept, self.other, {}, self.anna)
        assert stored() == before
        assert not Change.objects.exists()
        told = {(row.kind, row.label) for row in shown.rows}
        assert told == {
            ("changed", "Person"),
            ("deleted", "Person"),
            ("changed", "Portrayal"),
            ("added", "Redirect"),
        }

    def test_what_was_not_previewed_is_not_done(self):
        digest = preview(self.kept, self.other, {}, self.anna).digest
        make_portrayal(self.other)
        with self.assertRaisesMessage(ValidationError, "changed since the preview"):
            merge(self.kept, self.other, {}, self.anna, digest=digest)
        assert Person.objects.filter(pk=self.other.pk).exists()
        digest = preview(self.kept, self.other, {}, self.anna).digest
        assert merge(self.kept, self.other, {}, self.anna, digest=digest).kind == "merge"


class CharactersTests(MergingTestCase):
    def setUp(self):
        self.kept, self.other = make_character("Harry Bosch"), make_character("H. Bosch")
        self.daughter = make_character("Maddie Bosch")

    def test_facts_parts_and_memberships_move_or_fold(self):
        organization = make_organization()
        for character in (self.kept, self.other):
            make_fact(character, "Lives in the hills.")
            make_membership(organization, character, role="Detective")
        make_fact(self.other, "Likes jazz.")
        make_membership(organization, self.other, role="Volunteer")
        portrayal = make_portrayal(character=self.other)
        self.merge(self.kept, self.other)
        assert set(self.kept.facts.values_list("text", flat=True)) == {
            "Lives in the hills.",
            "Likes jazz.",
        }
        assert set(Membership.objects.values_list("role", flat=True)) == {"Detective", "Volunteer"}
        portrayal.refresh_from_db()
        assert portrayal.character == self.kept

    def test_relationships_fold_from_both_sides(self):
        parent = make_relationship_kind("parent of", "daughter of")
        ally = make_relationship_kind("ally of")
        make_relationship(self.kept, self.daughter, parent)
        make_relationship(self.other, self.daughter, parent, note="By Eleanor Wish.")
        make_relationship(self.kept, self.daughter, ally)
        make_relationship(self.daughter, self.other, ally)
        self.merge(self.kept, self.other)
        assert Relationship.objects.count() == 2
        assert Relationship.objects.get(kind=parent).note == "By Eleanor Wish."

    def test_what_ties_the_two_to_each_other_goes(self):
        make_relationship(self.kept, self.other, make_relationship_kind())
        change = self.merge(self.kept, self.other)
        assert not Relationship.objects.exists()
        undo(change, self.anna)
        assert Relationship.objects.exists()


class UndoTests(MergingTestCase):
    def test_everything_is_as_it_was(self):
        series, character = make_series("Bosch"), make_character()
        seasons = [make_season(series, number=number) for number in (1, 2)]
        job = make_job()
        kept = make_person("Titus Welliver", imdb_id="", born="1962")
        other = make_person("Titus Weliver", imdb_id="nm0920038", biography="An actor.")
        other.slug = "weliver"
        other.save()
        make_portrayal(kept, character, series, seasons=seasons[:1], billing=1)
        make_portrayal(other, character, series, seasons=seasons[1:], billing=2, note="Note.")
        make_portrayal(other, series=series)
        for person in (kept, other):
            make_credit(person, series, job)
            person.links.create(label="Site", url="https://example.com/")
            person.sources.add(make_source())
        make_announcement(people=[kept, other])
        make_announcement(people=[other])
        make_character(inspired_by=other)
        before = stored()
        change = self.merge(kept, other, biography=True)
        assert stored() != before
        assert undo(change, self.anna) == []
        assert stored() == before
        assert self.client.get("/people/weliver/").status_code == 200
        self.assertRedirects(
            self.client.get("/people/titus-weliver/"), "/people/weliver/", status_code=301
        )

    def test_of_characters_too(self):
        kept, other = make_character("Harry Bosch"), make_character("H. Bosch")
        third, kind = make_character(), make_relationship_kind("ally of")
        for character in (kept, other):
            make_fact(character, "Lives in the hills.")
            make_relationship(character, third, kind)
            make_membership(character=character)
            make_portrayal(character=character)
        make_relationship(kept, other, kind)
        before = stored()
        undo(self.merge(kept, other), self.anna)
        assert stored() == before
