"""Slugs that are made from names, and old slugs that lead to what was renamed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import TestCase, TransactionTestCase

from catalog.models import Person, Redirect, Series, State
from tests.factories import (
    make_character,
    make_episode,
    make_person,
    make_portrayal,
    make_season,
    make_series,
    make_watch_order,
    make_watch_step,
)


def rename(entry, slug):
    entry.slug = slug
    entry.save()


def redirects():
    return sorted((row.old_slug, row.target.name) for row in Redirect.objects.all())


class RenamedTests(TestCase):
    def setUp(self):
        self.titus = make_person("Titus Welliver")

    def leads(self, path, to):
        self.assertRedirects(self.client.get(path), to, status_code=301)

    def test_a_new_entry_leaves_nothing(self):
        assert redirects() == []

    def test_the_old_address_leads_to_the_new_one(self):
        rename(self.titus, "titus")
        self.leads("/people/titus-welliver/", "/people/titus/")

    def test_browsers_ask_again_each_time(self):
        rename(self.titus, "titus")
        response = self.client.get("/people/titus-welliver/")
        assert response["Cache-Control"] == "no-cache"

    def test_what_stood_behind_the_address_stays_there(self):
        rename(self.titus, "titus")
        self.leads("/people/titus-welliver/?roles=2&x=a+b", "/people/titus/?roles=2&x=a+b")

    def test_only_asking_is_led_on(self):
        rename(self.titus, "titus")
        assert self.client.head("/people/titus-welliver/").status_code == 301
        assert self.client.post("/people/titus-welliver/").status_code == 405

    def test_chains_collapse(self):
        for slug in ("titus", "welliver", "t-w"):
            rename(self.titus, slug)
        for old in ("titus-welliver", "titus", "welliver"):
            self.leads(f"/people/{old}/", "/people/t-w/")

    def test_there_and_back_leaves_no_loop(self):
        rename(self.titus, "titus")
        rename(self.titus, "titus-welliver")
        assert redirects() == [("titus", "Titus Welliver")]
        assert self.client.get("/people/titus-welliver/").status_code == 200
        self.leads("/people/titus/", "/people/titus-welliver/")

    def test_gives_way_when_its_slug_is_used_again(self):
        rename(self.titus, "titus")
        other = make_person("Another", slug="titus-welliver")
        assert redirects() == []
        assert self.client.get("/people/titus-welliver/").status_code == 200
        rename(other, "another")
        self.leads("/people/titus-welliver/", "/people/another/")

    def test_gives_way_to_one_that_is_renamed(self):
        rename(self.titus, "titus")
        rename(make_person("Another"), "titus-welliver")
        assert redirects() == [("another", "Another")]

    def test_two_change_places(self):
        other = make_person("Another")
        rename(self.titus, "in-between")
        rename(other, "titus-welliver")
        rename(self.titus, "another")
        assert redirects() == [("in-between", "Titus Welliver")]
        assert self.client.get("/people/another/").status_code == 200
        assert self.client.get("/people/titus-welliver/").status_code == 200

    def test_is_of_its_own_kind(self):
        make_character("Titus Welliver")
        rename(self.titus, "titus")
        make_series("A series", slug="titus-welliver")
        self.leads("/people/titus-welliver/", "/people/titus/")
        assert self.client.get("/characters/titus-welliver/").status_code == 200

    def test_a_blank_slug_is_made_anew_and_the_old_one_leads_there(self):
        self.titus.name = "T. Welliver"
        rename(self.titus, "")
        assert self.titus.slug == "t-welliver"
        self.leads("/people/titus-welliver/", "/people/t-welliver/")

    def test_saves_of_other_fields_leave_the_address(self):
        stale = Person.objects.get(pk=self.titus.pk)
        rename(self.titus, "titus")
        stale.birth_place = "New Haven"
        stale.save(update_fields=["birth_place"])
        assert Person.objects.get().slug == "titus"
        assert redirects() == [("titus-welliver", "Titus Welliver")]

    def test_a_save_of_the_slug_alone_leaves_a_redirect(self):
        self.titus.slug = "titus"
        self.titus.save(update_fields=["slug"])
        self.leads("/people/titus-welliver/", "/people/titus/")

    def test_leads_nobody_to_a_draft(self):
        self.titus.state = State.DRAFT
        rename(self.titus, "titus")
        assert self.client.get("/people/titus-welliver/").status_code == 404

    def test_goes_with_its_entry(self):
        rename(self.titus, "titus")
        self.titus.delete()
        assert redirects() == []

    def test_of_a_refused_save_nothing_stays(self):
        make_person("Another")
        with pytest.raises(IntegrityError), transaction.atomic():
            rename(self.titus, "another")
        assert redirects() == []


class RedirectByHandTests(TestCase):
    def test_is_refused_at_the_address_of_a_living_entry(self):
        titus = make_person("Titus Welliver")
        make_person("Jamie Hector")
        with pytest.raises(ValidationError, match="“Jamie Hector” answers at this address now"):
            Redirect(old_slug="jamie-hector", person=titus).full_clean()
        Redirect(old_slug="jamie-hector", character=make_character()).full_clean()
        Redirect(old_slug="jamie", person=titus).full_clean()


class RenamedSeriesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.series = make_series("Bosch")
        season = make_season(cls.series, 1)
        cls.pilot = make_episode(season, 1, name="Pilot", aired="2014-02-06")
        cls.second = make_episode(season, 2, name="Lost Light", aired="2015-02-13")
        cls.titus = make_person("Titus Welliver")
        make_portrayal(cls.titus, make_character("Harry"), cls.series, [season])
        cls.order = make_watch_order("By release")
        make_watch_step(cls.order, 1, season=season)
        rename(cls.series, "bosch-2014")

    def test_its_seasons_and_episodes_answer_too(self):
        for rest in ("", "season-1/", "season-1/episode-2/"):
            self.assertRedirects(
                self.client.get(f"/series/bosch/{rest}"),
                f"/series/bosch-2014/{rest}",
                status_code=301,
            )

    def test_a_progress_survives_and_is_told_anew(self):
        self.client.cookies["progress"] = "bosch.1.1"
        response = self.client.get("/series/bosch-2014/season-1/episode-2/")
        self.assertContains(response, "S1E1")
        assert "Lost Light" not in response.text
        assert response.cookies["progress"].value == "bosch-2014.1.1"
        assert response.cookies["progress"]["max-age"] == 365 * 24 * 60 * 60
        # The browser sends it from then on, and nothing is set again.
        assert "progress" not in self.client.get("/").cookies

    def test_a_progress_that_tells_both_slugs_keeps_the_new_one(self):
        self.client.cookies["progress"] = "bosch.1.2~bosch-2014.1.1"
        assert self.client.get("/").cookies["progress"].value == "bosch-2014.1.1"

    def test_the_page_of_the_progress_takes_a_form_with_the_old_slug(self):
        response = self.client.post("/progress/", {"at": "bosch.1.2"})
        assert response.cookies["progress"].value == "bosch-2014.1.2"

    def test_a_list_with_an_old_slug_leads_to_the_one_with_the_new(self):
        rename(self.titus, "titus")
        for old, new in {
            "/characters/?series=bosch": "/characters/?series=bosch-2014",
            "/episodes/?person=titus-welliver": "/episodes/?person=titus",
        }.items():
            with self.subTest(old=old):
                self.assertRedirects(self.client.get(old), new)

    def test_the_timeline_knows_old_slugs(self):
        make_series("Ballard")
        response = self.client.get("/timeline/?series=bosch")
        assert response.context["timeline"].series == [self.series]
        self.assertContains(response, "/timeline/?series=bosch-2014")

    def test_an_order_is_followed_by_its_old_slug(self):
        rename(self.order, "release")
        response = self.client.get("/series/bosch-2014/season-1/?order=by-release")
        self.assertContains(response, "?order=release")


class MadeSlugTests(TestCase):
    def test_is_made_of_the_name(self):
        for name, slug in [
            ("Renée", "renee"),
            ("Jerry O’Connell", "jerry-oconnell"),
            ("Søren Łukasz", "soren-lukasz"),
            ("x" * 200, "x" * 100),
            ("Тайтус Уэлливер", "person"),
            ("…", "person-2"),
        ]:
            with self.subTest(name=name):
                person = Person(name=name)
                person.full_clean()
                person.save()
                assert person.slug == slug

    def test_is_unique_without_asking(self):
        slugs = [make_person("Renée").slug for _ in range(3)]
        assert slugs == ["renee", "renee-2", "renee-3"]
        assert [make_person("x" * 200).slug for _ in range(2)] == ["x" * 100, f"{'x' * 100}-2"]

    def test_leaves_the_old_addresses_of_others_alone(self):
        renee = make_person("Renée")
        rename(renee, "renee-ballard")
        assert make_person("Renée").slug == "renee-2"
        self.assertRedirects(
            self.client.get("/people/renee/"), "/people/renee-ballard/", status_code=301
        )

    def test_takes_its_own_old_address_again(self):
        renee = make_person("Renée")
        rename(renee, "renee-ballard")
        rename(renee, "")
        assert renee.slug == "renee"


class SameMomentTests(TransactionTestCase):
    def test_two_of_one_name_are_both_saved(self):
        start = Barrier(4)

        def add(_):
            try:
                start.wait()
                return [make_series("John Smith").slug for _ in range(5)]
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            slugs = [slug for made in pool.map(add, range(4)) for slug in made]
        assert len(set(slugs)) == 20
        assert Series.objects.count() == 20
