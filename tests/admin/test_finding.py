from datetime import UTC, datetime

from catalog.models import Job, State

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_membership,
    make_network,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
    make_series_link,
    make_source,
    make_watch_order,
    make_watch_step,
)
from .client import AdminTestCase


class FindingTestCase(AdminTestCase):
    def found(self, model_name, **query):
        response = self.client.get(f"/admin/catalog/{model_name}/", query)
        assert response.status_code == 200
        return list(response.context["cl"].result_list)

    def suggested(self, model_name, field_name, term):
        response = self.client.get(
            "/admin/autocomplete/",
            {
                "app_label": "catalog",
                "model_name": model_name,
                "field_name": field_name,
                "term": term,
            },
        )
        return [result["text"] for result in response.json()["results"]]


class SearchTests(FindingTestCase):
    def test_entries_are_found_by_name_and_by_other_names(self):
        rows = [
            make_series("Bosch: Legacy", other_names="Heritage"),
            make_character("Renée Ballard", other_names="Heritage"),
            make_person("Maggie Q", other_names="Margaret Denise Quigley\nHeritage"),
            make_organization("Cold Case Unit", other_names="Heritage"),
        ]
        for row in rows:
            name = row._meta.model_name
            type(row).objects.create(name="Somebody else")
            with self.subTest(model=name):
                assert self.found(name, q=row.name) == [row]
                assert self.found(name, q="heritage") == [row]

    def test_a_name_is_found_without_its_accents(self):
        ballard = make_character("Renée Ballard")
        assert self.found("character", q="renee ballard") == [ballard]

    def test_a_name_is_found_however_its_letters_are_typed(self):
        for name, texts in {
            "Molly O’Shea": ["o’shea", "o'shea", "OSHEA", "molly o'shea"],
            "Renée Ballard": ["renee", "RENÉE", "renée ballard"],
            "Rondell Peña": ["pena", "PEÑA", "peña"],
        }.items():
            character = make_character(name)
            portrayal = make_portrayal(character=character)
            for text in texts:
                with self.subTest(text=text):
                    assert self.found("character", q=text) == [character]
                    assert self.found("portrayal", q=text) == [portrayal]
                    assert self.suggested("portrayal", "character", text) == [name]

    def test_parts_and_credits_are_found_by_series(self):
        series = make_series("Bosch: Legacy")
        portrayal = make_portrayal(series=series)
        credit = make_credit(series=series)
        make_portrayal(), make_credit()
        for text in ("bosch: legacy", "BOSCH LEGACY"):
            assert self.found("portrayal", q=text) == [portrayal]
            assert self.found("credit", q=text) == [credit]

    def test_every_list_finds_its_rows_by_what_they_say(self):
        series = make_series("Bosch")
        season = make_season(series, number=3)
        episode = make_episode(season, number=10, name="The Sea King")
        harry, maddie = make_character("Harry Bosch"), make_character("Maddie Bosch")
        person = make_person("Titus Welliver")
        order = make_watch_order("By release")
        for row, text in [
            (make_network("Prime Video"), "prime"),
            (season, "bosch 3"),
            (episode, "sea king"),
            (make_series_link(series, make_series("Ballard")), "ballard"),
            (make_fact(harry, "He retires."), "retires"),
            (make_relationship(maddie, harry, make_relationship_kind("daughter of")), "maddie"),
            (make_portrayal(person, harry, series), "welliver harry"),
            (make_job("Director of photography"), "photography"),
            (make_credit(person, series, make_job("Producer")), "titus producer"),
            (make_membership(make_organization("LAPD"), harry, role="Detective"), "detective"),
            (make_announcement("Bosch is renewed", body="For a seventh season."), "seventh"),
            (make_source("Bosch renewed", publisher="Deadline"), "deadline"),
            (order, "release"),
            (make_watch_step(order, episode=episode, reason="First seen"), "first seen"),
            (person.links.create(label="Web site", url="https://example.com/titus"), "example"),
            (person.redirects.create(old_slug="titus-w"), "titus-w"),
        ]:
            with self.subTest(model=row._meta.model_name):
                assert self.found(row._meta.model_name, q=text) == [row]
                assert self.found(row._meta.model_name, q="xyzzy") == []


class EpisodeSearchTests(FindingTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        for name in ("Bosch", "Ballard"):
            series = make_series(name)
            for number in (1, 3):
                season = make_season(series, number=number)
                make_episode(season, number=1, name=f"First of {number}")
                make_episode(season, number=10, name="The Sea King" if number == 3 else "")

    def test_finds_codes(self):
        for text in (
            "s3e10",
            "S3E10",
            "s03e10",
            "S3 E10",
            "season 3 episode 10",
            "season 3, ep 10",
            "3x10",
            "03X10",
        ):
            with self.subTest(text=text):
                assert self.suggested("characterfact", "revealed_in", text) == [
                    "Ballard S3E10: The Sea King",
                    "Bosch S3E10: The Sea King",
                ]

    def test_finds_a_code_with_words(self):
        for text in ("bosch s3e10", "s3e10 bosch", "bosch s3 sea", "bosch king", "bosch 3x10"):
            with self.subTest(text=text):
                assert self.suggested("characterfact", "revealed_in", text) == [
                    "Bosch S3E10: The Sea King"
                ]

    def test_finds_a_whole_season(self):
        assert self.suggested("characterfact", "revealed_in", "bosch s1") == [
            "Bosch S1E1: First of 1",
            "Bosch S1E10: Episode 10",
        ]

    def test_finds_nothing_for_a_code_that_is_not_there(self):
        for text in ("s9e9", "s3e9999", "bosch s0e0"):
            with self.subTest(text=text):
                assert self.found("episode", q=text) == []

    def test_finds_a_number_after_words(self):
        assert self.suggested("characterfact", "revealed_in", "ballard 10") == [
            "Ballard S1E10: Episode 10",
            "Ballard S3E10: The Sea King",
        ]
        assert self.suggested("characterfact", "revealed_in", "first 3") == [
            "Ballard S3E1: First of 3",
            "Bosch S3E1: First of 3",
        ]
        assert self.suggested("characterfact", "revealed_in", "ballard 4") == []

    def test_seasons_are_found_by_code_and_by_number(self):
        for text in ("bosch s3", "bosch season 3", "bosch 3"):
            with self.subTest(text=text):
                assert self.suggested("credit", "season", text) == ["Bosch, season 3"]


class PublicationTests(FindingTestCase):
    def test_the_list_says_what_visitors_see(self):
        later = datetime(2099, 1, 1, tzinfo=UTC)
        before = datetime(2020, 1, 1, tzinfo=UTC)
        for fields, shown in [
            ({"state": State.PUBLISHED}, "Published"),
            ({"state": State.PUBLISHED, "publish_at": before}, "Published"),
            (
                {"state": State.PUBLISHED, "publish_at": later},
                "Scheduled for 1 January 2099, 00:00 UTC",
            ),
            ({"state": State.IN_REVIEW, "publish_at": later}, "In review"),
            ({"state": State.DRAFT}, "Draft"),
        ]:
            for make in (make_series, make_character, make_watch_order):
                entry = make(**fields)
                path = f"/admin/catalog/{entry._meta.model_name}/?q={entry.slug}"
                with self.subTest(shown=shown, path=path):
                    self.assertContains(
                        self.client.get(path), f'<td class="field-publication">{shown}</td>'
                    )

    def test_the_filter_by_state_stays(self):
        draft = make_person(state=State.DRAFT)
        make_person()
        assert self.found("person", state__exact="draft") == [draft]


class FilterTests(FindingTestCase):
    def filters(self, model_name, **query):
        response = self.client.get(f"/admin/catalog/{model_name}/", query)
        changelist = response.context["cl"]
        return {
            spec.title: [str(choice["display"]) for choice in spec.choices(changelist)]
            for spec in changelist.filter_specs
        }

    def test_offer_only_the_series_in_use(self):
        make_series("Ballard")
        for name in ("Bosch", "Bosch: Legacy"):
            make_portrayal(series=make_series(name))
        assert self.filters("portrayal")["series"] == ["All", "Bosch", "Bosch: Legacy"]

    def test_never_list_all_people_or_characters(self):
        make_portrayal(make_person("Maggie Q"))
        portrayal = make_portrayal(make_person("Titus Welliver"), make_character("Harry Bosch"))
        assert "person" not in self.filters("portrayal")
        query = {"person__id__exact": portrayal.person_id}
        assert self.filters("portrayal", **query)["person"] == ["All", "Titus Welliver"]
        assert self.found("portrayal", **query) == [portrayal]

    def test_nonsense_leads_back_to_the_whole_list(self):
        for value in ("x", "", "9" * 40):
            path = "/admin/catalog/portrayal/"
            response = self.client.get(path, {"person__id__exact": value}, follow=True)
            assert response.status_code == 200

    def test_crew_by_department(self):
        director = make_credit(job=make_job(department=Job.Department.DIRECTING))
        make_credit(job=make_job(department=Job.Department.WRITING))
        query = {"credits__job__department__exact": "directing"}
        assert self.found("person", **query) == [director.person]


class ActionTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.drafts = [make_person(state=State.DRAFT) for _ in range(2)]
        self.published = make_person()

    def act(self, action, rows, follow=True):
        model_name = rows[0]._meta.model_name
        return self.client.post(
            f"/admin/catalog/{model_name}/",
            {"action": action, "_selected_action": [row.pk for row in rows]},
            follow=follow,
        )

    def states(self):
        rows = [*self.drafts, self.published]
        for row in rows:
            row.refresh_from_db()
            row.search_entry.refresh_from_db()
            assert row.search_entry.shown_from == row.shown_from
            assert (row.shown_from is not None) == (row.state == State.PUBLISHED)
        return [row.state for row in rows]

    def test_publish(self):
        response = self.act("publish", [*self.drafts, self.published])
        self.assertContains(response, "2 people: now “published”.")
        assert self.states() == ["published"] * 3

    def test_send_to_review(self):
        response = self.act("send_to_review", self.drafts[:1])
        self.assertContains(response, "1 person: now “in review”.")
        assert self.states() == ["in-review", "draft", "published"]

    def test_take_back_to_draft(self):
        self.act("take_back_to_draft", [self.published])
        assert self.states() == ["draft"] * 3

    def test_are_told_in_the_history(self):
        self.act("publish", self.drafts)
        for person in self.drafts:
            response = self.client.get(f"/admin/catalog/person/{person.pk}/history/")
            self.assertContains(response, "<del>Draft</del> → <ins>Published</ins>")

    def test_episodes_follow_their_series_in_search(self):
        episode = make_episode()
        self.act("take_back_to_draft", [episode.series])
        episode.search_entry.refresh_from_db()
        assert episode.search_entry.shown_from is None

    def test_work_on_every_kind_of_entry(self):
        for make in (
            make_series,
            make_character,
            make_organization,
            make_announcement,
            make_watch_order,
        ):
            row = make(state=State.DRAFT)
            with self.subTest(model=row._meta.model_name):
                self.act("publish", [row])
                row.refresh_from_db()
                assert row.state == State.PUBLISHED

    def test_are_not_offered_on_rows_without_a_state(self):
        self.assertNotContains(self.client.get("/admin/catalog/season/"), 'value="publish"')

    def test_saving_the_form_keeps_search_in_step_too(self):
        path = f"/admin/catalog/person/{self.published.pk}/change/"
        self.save(path, self.form_at(path) | {"state": "draft"})
        assert self.states() == ["draft"] * 3
