from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import (
    Credit,
    Episode,
    Organization,
    Person,
    Portrayal,
    Relationship,
    Season,
    Series,
    SeriesLink,
    State,
    WatchOrder,
    WatchStep,
)

from ..factories import (
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
    make_watch_order,
    make_watch_step,
)
from .client import AdminTestCase, add_row


class EntryTests(AdminTestCase):
    path = "/admin/catalog/person/add/"

    def add(self, **fields):
        self.save(self.path, self.form_at(self.path) | fields)

    def test_is_a_draft_at_first(self):
        self.add(name="Titus Welliver")
        assert Person.objects.get().state == State.DRAFT

    def test_gets_its_slug_from_its_name(self):
        self.add(name="Renée O’Shea")
        assert Person.objects.get().slug == "renee-oshea"

    def test_gets_a_slug_of_its_own(self):
        first = make_person("Titus Welliver")
        self.add(name="Titus Welliver", another=str(first.pk))
        slugs = set(Person.objects.values_list("slug", flat=True))
        assert slugs == {"titus-welliver", "titus-welliver-2"}

    def test_refuses_a_slug_that_is_taken(self):
        make_person("Titus Welliver")
        data = self.form_at(self.path) | {"name": "Titus", "slug": "titus-welliver"}
        errors, _ = self.refuse(self.path, data)
        assert "Person with this Slug already exists." in errors

    def test_makes_a_slug_even_when_the_name_has_no_letters(self):
        for slug in ("person", "person-2"):
            self.save(self.path, self.form_at(self.path) | {"name": "???"})
            assert Person.objects.latest("pk").slug == slug


class LineEndTests(AdminTestCase):
    """Browsers send lines with another end than they got."""

    def test_a_page_that_nobody_touched_changes_nothing(self):
        person = make_person(other_names="Q\nMaggie", biography="One.\n\nTwo.")
        path = f"/admin/catalog/person/{person.pk}/change/"
        data = self.form_at(path)
        for name in ["other_names", "biography"]:
            data[name] = data[name].replace("\n", "\r\n")
        self.save(path, data)
        person.refresh_from_db()
        assert (person.other_names, person.biography) == ("Q\nMaggie", "One.\n\nTwo.")
        assert LogEntry.objects.get().get_change_message() == "No fields changed."


class PartialDateTests(AdminTestCase):
    path = "/admin/catalog/person/add/"

    def test_keeps_what_is_known(self):
        for typed, stored, shown in [
            ("2025", "2025", "2025"),
            ("March 2025", "2025-03", "March 2025"),
            ("27 Mar 2025", "2025-03-27", "27 March 2025"),
            ("2025-03-27", "2025-03-27", "27 March 2025"),
        ]:
            with self.subTest(typed=typed):
                data = self.form_at(self.path) | {"name": f"Born {typed}", "born": typed}
                self.save(self.path, data)
                person = Person.objects.get(name=f"Born {typed}")
                assert person.born.iso == stored
                self.assertContains(self.client.get("/admin/catalog/person/"), shown)
                form = self.form_at(f"/admin/catalog/person/{person.pk}/change/")
                assert form["born"] == stored

    def test_says_how_to_write_a_date_and_keeps_what_was_typed(self):
        data = self.form_at(self.path) | {"name": "Titus Welliver", "born": "the spring of 1962"}
        errors, response = self.refuse(self.path, data)
        assert "Write 2025, March 2025, 27 March 2025 or 2025-03-27" in errors
        self.assertContains(response, 'value="the spring of 1962"')

    def test_an_end_before_the_start_is_refused_at_its_box(self):
        data = self.form_at(self.path) | {"name": "Nobody", "born": "1962", "died": "May 1950"}
        _, response = self.refuse(self.path, data)
        self.assertFormError(
            response.context["adminform"],
            "died",
            "“died” (May 1950) is before “born” (1962).",
        )


class SeriesTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.series = make_series("Bosch")
        self.season = make_season(self.series, number=1)
        self.path = f"/admin/catalog/series/{self.series.pk}/change/"

    def test_end_before_premiere_is_refused(self):
        data = self.form_at(self.path) | {"premiered": "2021", "ended": "2014"}
        errors, _ = self.refuse(self.path, data)
        assert "“ended” (2014) is before “premiered” (2021)." in errors

    def test_seasons_are_added_beside_the_series(self):
        data = add_row(self.form_at(self.path), "seasons", number="2", premiered="March 2016")
        self.save(self.path, data)
        season = self.series.seasons.get(number=2)
        assert season.premiered.iso == "2016-03"

    def test_seasons_lead_to_their_own_page(self):
        page = f"/admin/catalog/season/{self.season.pk}/change/"
        self.assertContains(self.client.get(self.path), f'href="{page}"')

    def test_a_second_season_of_the_same_number_is_refused(self):
        data = add_row(self.form_at(self.path), "seasons", number="1")
        errors, _ = self.refuse(self.path, data)
        assert "This series already has a season of this number." in errors

    def test_two_new_seasons_of_the_same_number_are_refused(self):
        data = self.form_at(self.path)
        add_row(add_row(data, "seasons", number="2"), "seasons", number="2")
        self.refuse(self.path, data)
        assert self.series.seasons.count() == 1

    def test_seasons_can_be_deleted(self):
        self.save(self.path, self.form_at(self.path) | {"seasons-0-DELETE": "on"})
        assert not Season.objects.exists()

    def test_a_season_with_episodes_is_deleted_on_its_own_page_only(self):
        episode = make_episode(self.season)
        errors, _ = self.refuse(self.path, self.form_at(self.path) | {"seasons-0-DELETE": "on"})
        assert "has episodes: delete it on its own page" in errors
        make_credit(series=self.series, episode=episode)
        path = f"/admin/catalog/season/{self.season.pk}/change/"
        errors, _ = self.refuse(path, self.form_at(path) | {"episodes-0-DELETE": "on"})
        assert "has credits: delete it on its own page" in errors
        assert Episode.objects.filter(pk=episode.pk).exists()

    def test_what_a_watch_order_leads_to_is_deleted_on_its_own_page_only(self):
        make_watch_step(position=1, season=self.season)
        errors, _ = self.refuse(self.path, self.form_at(self.path) | {"seasons-0-DELETE": "on"})
        assert "has watch steps: delete it on its own page" in errors
        make_watch_step(position=2, episode=make_episode(self.season))
        path = f"/admin/catalog/season/{self.season.pk}/change/"
        errors, _ = self.refuse(path, self.form_at(path) | {"episodes-0-DELETE": "on"})
        assert "has watch steps: delete it on its own page" in errors
        assert WatchStep.objects.count() == 2

    def test_links_can_be_stated_from_either_side(self):
        other = make_series("Bosch: Legacy")
        spin_off = SeriesLink.Kind.SPIN_OFF
        data = self.form_at(self.path)
        add_row(data, "links", kind=SeriesLink.Kind.UNIVERSE, to_series=other.pk)
        add_row(data, "links_back", kind=spin_off, from_series=other.pk)
        self.save(self.path, data)
        assert self.series.links.filter(to_series=other).exists()
        assert self.series.links_back.filter(from_series=other, kind=spin_off).exists()

    def test_a_link_to_itself_is_refused(self):
        data = self.form_at(self.path)
        add_row(data, "links", kind=SeriesLink.Kind.SEQUEL, to_series=self.series.pk)
        errors, _ = self.refuse(self.path, data)
        assert "A series cannot be linked to itself." in errors

    def test_episodes_are_added_beside_their_season(self):
        path = f"/admin/catalog/season/{self.season.pk}/change/"
        data = add_row(self.form_at(path), "episodes", number="1", name="Pilot", aired="2014-02-06")
        self.save(path, data)
        assert str(self.season.episodes.get()) == "Bosch S1E1: Pilot"

    def test_a_network_in_use_cannot_be_deleted(self):
        network = Series.network.field.related_model.objects.create(name="Prime", slug="prime")
        make_series(network=network)
        response = self.client.post(f"/admin/catalog/network/{network.pk}/delete/", {"post": "yes"})
        self.assertContains(
            response, "would require deleting the following protected", status_code=200
        )


class CreditsTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.series = make_series("Bosch")
        self.episode = make_episode(make_season(self.series))
        self.person = make_person("Titus Welliver")
        self.character = make_character("Harry Bosch")
        self.path = f"/admin/catalog/person/{self.person.pk}/change/"

    def test_a_portrayal_is_added_beside_the_person(self):
        data = add_row(
            self.form_at(self.path),
            "portrayals",
            character=self.character.pk,
            series=self.series.pk,
            kind="main",
            billing="1",
        )
        self.save(self.path, data)
        portrayal = Portrayal.objects.get()
        assert (portrayal.person, portrayal.billing) == (self.person, 1)

    def test_a_portrayal_is_added_beside_the_series_and_the_character(self):
        for row, fields in [
            (self.series, {"character": self.character.pk, "kind": "main"}),
            (self.character, {"series": self.series.pk, "kind": "guest"}),
        ]:
            path = f"/admin/catalog/{row._meta.model_name}/{row.pk}/change/"
            data = self.form_at(path)
            self.save(path, add_row(data, "portrayals", person=self.person.pk, **fields))
        assert self.person.portrayals.count() == 2

    def test_the_same_portrayal_again_is_refused(self):
        for character in (self.character, None):
            with self.subTest(character=character):
                make_portrayal(self.person, character, self.series, kind="self")
                data = add_row(
                    self.form_at(self.path),
                    "portrayals",
                    character=character.pk if character else "",
                    series=self.series.pk,
                    kind="self",
                )
                errors, _ = self.refuse(self.path, data)
                assert "This portrayal is already in the catalogue" in errors

    def test_the_same_portrayal_twice_on_the_page_is_refused(self):
        data = self.form_at(self.path)
        for _ in range(2):
            add_row(data, "portrayals", character="", series=self.series.pk, kind="self")
        errors, _ = self.refuse(self.path, data)
        assert "This portrayal is already in the catalogue" in errors

    def test_the_same_credit_twice_on_the_page_is_refused(self):
        job = make_job()
        for season, episode in [("", ""), (self.episode.season_id, ""), ("", self.episode.pk)]:
            with self.subTest(season=season, episode=episode):
                data = self.form_at(self.path)
                for _ in range(2):
                    add_row(
                        data,
                        "credits",
                        series=self.series.pk,
                        job=job.pk,
                        season=season,
                        episode=episode,
                    )
                errors, _ = self.refuse(self.path, data)
                assert "This person already has this credit." in errors

    def test_one_job_on_two_episodes_is_two_credits(self):
        job = make_job()
        other = make_episode(self.episode.season, number=2)
        data = self.form_at(self.path)
        for episode in (self.episode, other):
            add_row(data, "credits", series=self.series.pk, job=job.pk, episode=episode.pk)
        self.save(self.path, data)
        assert self.person.credits.count() == 2

    def test_a_credit_for_season_and_episode_is_refused(self):
        data = add_row(
            self.form_at(self.path),
            "credits",
            series=self.series.pk,
            job=make_job().pk,
            season=self.episode.season_id,
            episode=self.episode.pk,
        )
        errors, _ = self.refuse(self.path, data)
        assert "Give the season or the episode, not both." in errors
        path = "/admin/catalog/credit/add/"
        fields = {
            name: data[f"credits-0-{name}"] for name in ("series", "job", "season", "episode")
        }
        errors, _ = self.refuse(path, self.form_at(path) | fields | {"person": self.person.pk})
        assert "Give the season or the episode, not both." in errors

    def test_seasons_and_episodes_of_another_series_are_refused(self):
        path = "/admin/catalog/portrayal/add/"
        elsewhere = make_episode()
        data = self.form_at(path) | {
            "person": self.person.pk,
            "series": self.series.pk,
            "kind": "self",
            "seasons": [elsewhere.season_id],
            "episodes": [elsewhere.pk],
        }
        errors, _ = self.refuse(path, data)
        assert f"is not a season of {self.series}." in errors
        assert f"is not an episode of {self.series}." in errors

    def test_a_refused_row_comes_back_as_it_was_typed(self):
        other = make_character("Jerry Edgar")
        portrayal = make_portrayal(self.person, self.character, self.series)
        data = self.form_at(self.path) | {
            "portrayals-0-character": str(other.pk),
            "portrayals-0-billing": "0",
        }
        _, response = self.refuse(self.path, data)
        self.assertContains(response, f'<option value="{other.pk}" selected>Jerry Edgar</option>')
        self.assertNotContains(response, "Harry Bosch</option>")
        portrayal.refresh_from_db()
        assert portrayal.character == self.character


class CharacterTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.character = make_character("Harry Bosch")
        self.other = make_character("Maddie Bosch")
        self.kind = make_relationship_kind("daughter of", "parent of")
        self.path = f"/admin/catalog/character/{self.character.pk}/change/"

    def test_facts_are_told_beside_the_character(self):
        episode = make_episode()
        data = add_row(self.form_at(self.path), "facts", text="He retires.", revealed_in=episode.pk)
        self.save(self.path, data)
        assert self.character.facts.get().revealed_in == episode

    def test_the_same_fact_twice_is_refused(self):
        make_fact(self.character, "He retires.")
        errors, _ = self.refuse(
            self.path, add_row(self.form_at(self.path), "facts", text="He retires.")
        )
        assert "This fact is already told of the character." in errors

    def test_relationships_can_be_stated_from_either_side(self):
        data = self.form_at(self.path)
        add_row(data, "relationships_back", character=self.other.pk, kind=self.kind.pk)
        ally = make_relationship_kind("ally of")
        add_row(data, "relationships", other=self.other.pk, kind=ally.pk)
        self.save(self.path, data)
        daughter = Relationship.objects.get(kind=self.kind)
        assert (daughter.character, daughter.other) == (self.other, self.character)
        assert self.character.relationships.get().other == self.other

    def test_those_stated_by_the_other_can_be_edited_here(self):
        relationship = make_relationship(self.other, self.character, self.kind)
        data = self.form_at(self.path)
        assert data["relationships_back-0-id"] == str(relationship.pk)
        self.save(self.path, data | {"relationships_back-0-note": "Since season 2."})
        relationship.refresh_from_db()
        assert relationship.note == "Since season 2."

    def test_a_relationship_to_itself_is_refused(self):
        data = self.form_at(self.path)
        add_row(data, "relationships", other=self.character.pk, kind=self.kind.pk)
        errors, _ = self.refuse(self.path, data)
        assert "A character cannot be related to itself." in errors

    def test_the_same_relationship_twice_is_refused(self):
        make_relationship(self.character, self.other, self.kind)
        data = self.form_at(self.path)
        add_row(data, "relationships", other=self.other.pk, kind=self.kind.pk)
        errors, _ = self.refuse(self.path, data)
        assert "This relationship is already stated." in errors

    def test_memberships_are_stated_beside_the_character_and_the_organization(self):
        unit = make_organization("Cold Case Unit")
        data = self.form_at(self.path)
        add_row(data, "memberships", organization=unit.pk, standing="leader", role="Head")
        self.save(self.path, data)
        path = f"/admin/catalog/organization/{unit.pk}/change/"
        data = self.form_at(path)
        add_row(data, "memberships", character=self.other.pk, standing="member", started="2025")
        self.save(path, data)
        assert unit.memberships.count() == 2

    def test_a_membership_that_ends_before_it_starts_is_refused(self):
        membership = make_membership(character=self.character)
        data = self.form_at(self.path)
        data |= {"memberships-0-started": "2025", "memberships-0-ended": "2020"}
        errors, _ = self.refuse(self.path, data)
        assert "“to” (2020) is before “from” (2025)." in errors
        membership.refresh_from_db()
        assert membership.started is None

    def test_an_organization_cannot_be_part_of_itself(self):
        unit = make_organization("Cold Case Unit")
        division = make_organization("Robbery-Homicide Division", parent=unit)
        path = f"/admin/catalog/organization/{unit.pk}/change/"
        errors, _ = self.refuse(path, self.form_at(path) | {"parent": division.pk})
        assert "An organization cannot be a part of itself." in errors
        assert Organization.objects.get(pk=unit.pk).parent is None


class WatchOrderTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.order = make_watch_order("By release")
        self.steps = [
            make_watch_step(self.order, position=position, series=make_series())
            for position in (1, 2, 3)
        ]
        self.path = f"/admin/catalog/watchorder/{self.order.pk}/change/"

    def positions(self):
        rows = dict(self.order.steps.values_list("pk", "position"))
        return [rows[step.pk] for step in self.steps]

    def test_a_step_names_exactly_one_thing(self):
        series = make_series()
        season = make_season(series)
        for fields in ({}, {"series": series.pk, "season": season.pk}):
            with self.subTest(fields=fields):
                data = {"position": "4", "importance": "essential", **fields}
                errors, _ = self.refuse(
                    self.path, add_row(self.form_at(self.path), "steps", **data)
                )
                assert "exactly one" in errors

    def test_steps_can_change_places(self):
        data = self.form_at(self.path)
        self.save(self.path, data | {"steps-0-position": "2", "steps-1-position": "1"})
        assert self.positions() == [2, 1, 3]

    def test_a_step_can_be_put_between_others(self):
        data = self.form_at(self.path) | {"steps-1-position": "3", "steps-2-position": "4"}
        series = make_series()
        add_row(data, "steps", position="2", series=series.pk, importance="essential")
        self.save(self.path, data)
        assert self.positions() == [1, 3, 4]
        assert self.order.steps.get(position=2).series == series

    def test_a_step_can_take_the_place_of_a_deleted_one(self):
        data = self.form_at(self.path) | {"steps-0-DELETE": "on", "steps-1-position": "1"}
        self.save(self.path, data)
        assert list(self.order.steps.values_list("position", flat=True)) == [1, 3]

    def test_two_steps_at_the_same_place_are_refused(self):
        data = self.form_at(self.path)
        for fields in (
            {"steps-0-position": "2"},
            {"steps-0-position": "7", "steps-1-position": "7"},
        ):
            with self.subTest(fields=fields):
                errors, _ = self.refuse(self.path, data | fields)
                assert "This order already has a step at this position." in errors
        assert self.positions() == [1, 2, 3]

    def test_becomes_one_by_release_when_no_step_is_passed_over(self):
        season = make_season()
        make_watch_step(self.order, position=4, season=season)
        data = self.form_at(self.path) | {"arrangement": "by-release"}
        errors, _ = self.refuse(self.path, data)
        assert "would pass over what these steps say of a series or an episode: 1, 2, 3." in errors
        assert WatchOrder.objects.get().arrangement == "by-hand"
        self.save(self.path, data | {f"steps-{row}-DELETE": "on" for row in range(3)})
        assert WatchOrder.objects.get().arrangement == "by-release"
        assert [step.season for step in self.order.steps.all()] == [season]

    def test_has_one_step_for_a_season_when_it_is_by_release(self):
        season, other = make_season(), make_season()
        WatchOrder.objects.update(arrangement="by-release")
        self.order.steps.all().delete()
        make_watch_step(self.order, position=1, season=season)
        more = {"position": "2", "importance": "essential"}
        data = add_row(self.form_at(self.path), "steps", **more, season=season.pk)
        errors, _ = self.refuse(self.path, data)
        assert "These are of the same season: 1, 2." in errors
        path = "/admin/catalog/watchstep/add/"
        step = self.form_at(path) | more | {"order": self.order.pk, "season": season.pk}
        errors, _ = self.refuse(path, step)
        assert "already has a step for this season" in errors
        self.save(self.path, data | {"steps-0-DELETE": "on"})
        self.save(path, step | {"season": other.pk, "position": "3"})
        assert self.order.steps.count() == 2
        again = self.order.steps.get(season=other)
        path = f"/admin/catalog/watchstep/{again.pk}/change/"
        self.save(path, self.form_at(path) | {"reason": "For its end."})

    def test_by_hand_may_come_back_to_a_season(self):
        season = make_season()
        make_watch_step(self.order, position=4, season=season)
        data = add_row(
            self.form_at(self.path), "steps", position="5", season=season.pk, importance="optional"
        )
        self.save(self.path, data)
        assert self.order.steps.filter(season=season).count() == 2


class CutRowsTests(AdminTestCase):
    """Of thousands of rows the first hundred are on the page of what they belong to."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.series = make_series("Bosch")
        cls.job = make_job("Director")
        cls.people = Person.objects.bulk_create(
            Person(
                name=f"Person {number}", slug=f"person-{number}", sort_name=f"person {number:03}"
            )
            for number in range(150)
        )
        Credit.objects.bulk_create(
            Credit(person=person, series=cls.series, job=cls.job) for person in cls.people
        )
        cls.path = f"/admin/catalog/series/{cls.series.pk}/change/"

    def test_lead_to_all_of_them(self):
        response = self.client.get(self.path)
        link = f"/admin/catalog/credit/?series__id__exact={self.series.pk}"
        self.assertContains(response, f'<a href="{link}">All 150 credits</a>', html=True)
        assert self.client.get(link).context["cl"].result_count == 150
        assert self.form_at(self.path)["credits-INITIAL_FORMS"] == "100"

    def test_lose_nothing_when_the_page_is_saved(self):
        before = list(Credit.objects.order_by("pk").values())
        self.save(self.path, self.form_at(self.path))
        assert list(Credit.objects.order_by("pk").values()) == before

    def test_can_be_changed_added_and_deleted(self):
        data = self.form_at(self.path)
        changed, deleted = data["credits-3-id"], data["credits-5-id"]
        data |= {"credits-3-note": "Uncredited.", "credits-5-DELETE": "on"}
        add_row(data, "credits", person=make_person().pk, job=self.job.pk)
        self.save(self.path, data)
        assert self.series.credits.count() == 150
        assert Credit.objects.get(pk=changed).note == "Uncredited."
        assert not Credit.objects.filter(pk=deleted).exists()

    def test_are_found_again_when_others_came_before_them_in_the_meantime(self):
        data = self.form_at(self.path)
        last = data["credits-99-id"]
        make_credit(make_person("AAA"), self.series, self.job)
        self.save(self.path, data | {"credits-99-note": "Uncredited."})
        assert Credit.objects.get(pk=last).note == "Uncredited."
        assert self.series.credits.count() == 151

    def test_those_not_shown_still_count_as_taken(self):
        data = self.form_at(self.path)
        add_row(data, "credits", person=self.people[149].pk, job=self.job.pk)
        errors, response = self.refuse(self.path, data)
        assert "This person already has this credit." in errors
        self.assertContains(response, "All 150 credits")

    def test_untouched_rows_cost_nothing_to_save(self):
        few = make_series("Ballard")
        make_credit(self.people[0], few, self.job)
        path = f"/admin/catalog/person/{self.people[0].pk}/change/"
        self.save(path, self.form_at(path) | {"born": "1962"})  # what is made once and kept
        costs = []
        for path in (f"/admin/catalog/series/{few.pk}/change/", self.path):
            data = self.form_at(path)
            with CaptureQueriesContext(connection) as queries:
                self.save(path, data | {"tagline": "Everybody counts."})
            costs.append(len(queries))
        assert costs[0] == costs[1]

    def test_posted_nonsense_is_refused(self):
        data = self.form_at(self.path)
        for key in ("", "x", "9" * 40):
            with self.subTest(key=key):
                posted = data | {"credits-0-id": key, "credits-0-note": "Uncredited."}
                response = self.client.post(self.path, posted)
                assert response.status_code == 200
        self.client.post(self.path, data | {"credits-INITIAL_FORMS": "9" * 12})
        assert self.series.credits.count() == 150
