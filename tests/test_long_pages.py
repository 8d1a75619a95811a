"""Pages of entries with very much to show: in pages, in order, and without a leak."""

import re

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from catalog.models import Credit, Portrayal, State
from catalog.models.gate import refresh_all_gates
from tests.factories import (
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_membership,
    make_organization,
    make_person,
    make_portrayal,
    make_season,
    make_series,
    make_source,
)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class ProlificPersonTests(TestCase):
    """150 credits and 130 parts of one person, with drafts among them."""

    @classmethod
    def setUpTestData(cls):
        cls.person = make_person("Maria Rosshaw")
        cls.series = make_series("Bosch", premiered="2014")
        draft = make_series("Secret", state=State.DRAFT)
        seasons = [make_season(cls.series, number) for number in (1, 2)]
        jobs = [make_job("Director", rank=10), make_job("Writer", rank=20)]
        for number in range(1, 76):
            episode = make_episode(seasons[number % 2], number)
            for job in jobs:
                make_credit(cls.person, cls.series, job, episode=episode)
        for number in range(1, 131):
            character = make_character(f"Role {number:03}")
            make_portrayal(cls.person, character, cls.series)
        make_credit(cls.person, draft, jobs[0])
        make_portrayal(cls.person, make_character("Hidden"), draft)
        make_portrayal(cls.person, make_character("Draft", state=State.DRAFT), cls.series)

    def rows(self, name, pages, path="/people/maria-rosshaw/", parameter="crew"):
        found = []
        for page in range(1, pages + 1):
            address = path if page == 1 else f"{path}?{parameter}={page}"
            found += [row.pk for row in self.client.get(address).context[name]]
        return found

    def test_every_credit_appears_once_over_the_pages_in_the_same_order(self):
        credits = Credit.objects.filter(person=self.person, series=self.series)
        in_order = credits.order_by(
            "job__rank", "episode__season__number", "episode__number"
        ).values_list("pk", flat=True)
        assert self.rows("credits", 3) == list(in_order)

    def test_every_part_appears_once_over_the_pages_in_the_same_order(self):
        parts = Portrayal.objects.filter(person=self.person, character__name__startswith="Role")
        in_order = parts.order_by("character__sort_name").values_list("pk", flat=True)
        assert self.rows("portrayals", 3, parameter="acting") == list(in_order)

    def test_headings_say_how_many_there_are_and_which_are_shown(self):
        text = words(self.client.get("/people/maria-rosshaw/?crew=2"))
        assert "Crew work 150 credits, 61–120 shown" in text
        assert "Acting 130 parts, 1–60 shown" in text

    def test_a_group_that_goes_over_a_page_repeats_its_heading(self):
        second = self.client.get("/people/maria-rosshaw/?crew=2").content.decode()
        assert second.count("<dt>Director</dt>") == 1
        assert second.count("<dt>Writer</dt>") == 1

    def test_each_pager_keeps_the_place_of_the_other(self):
        page = self.client.get("/people/maria-rosshaw/?acting=2&crew=3&utm=x").content.decode()
        assert 'href="/people/maria-rosshaw/?acting=3&amp;crew=3#acting"' in page
        assert 'href="/people/maria-rosshaw/?acting=2&amp;crew=2#crew"' in page
        assert 'href="/people/maria-rosshaw/?acting=2#crew"' in page
        assert 'id="acting"' in page
        assert 'id="crew"' in page
        assert "utm" not in page.split("<body>")[1]

    def test_the_first_page_has_no_parameter(self):
        page = self.client.get("/people/maria-rosshaw/?crew=2").content.decode()
        assert 'href="/people/maria-rosshaw/#crew"' in page

    def test_pages_have_titles_and_canonical_addresses_of_their_own(self):
        page = self.client.get("/people/maria-rosshaw/?utm=x&crew=2").content.decode()
        assert "<title>Maria Rosshaw, crew work, page 2 · " in page
        assert (
            '<link rel="canonical" href="http://testserver/people/maria-rosshaw/?crew=2">' in page
        )
        assert "noindex" not in page
        first = self.client.get("/people/maria-rosshaw/?utm=x&crew=1").content.decode()
        assert "<title>Maria Rosshaw · " in first
        assert '<link rel="canonical" href="http://testserver/people/maria-rosshaw/">' in first

    def test_two_turned_sections_at_once_are_kept_from_crawlers(self):
        page = self.client.get("/people/maria-rosshaw/?acting=2&crew=2")
        self.assertContains(page, '<meta name="robots" content="noindex">')

    def test_a_page_past_the_end_or_malformed_is_not_there(self):
        for value in ["4", "0", "-1", "", "x", "1.5", "١", "02", "%00", "9" * 5000, "last"]:
            with self.subTest(value=value[:10]):
                response = self.client.get(f"/people/maria-rosshaw/?crew={value}")
                assert response.status_code == 404

    def test_sources_are_those_of_what_is_shown(self):
        early = self.client.get("/people/maria-rosshaw/").context["credits"][0]
        late = self.client.get("/people/maria-rosshaw/?crew=3").context["credits"][0]
        early.sources.add(make_source("An early source"))
        late.sources.add(make_source("A late source"))
        text = words(self.client.get("/people/maria-rosshaw/"))
        assert "An early source" in text
        assert "A late source" not in text
        assert "A late source" in words(self.client.get("/people/maria-rosshaw/?crew=3"))

    def test_costs_no_more_statements_than_a_short_page_has_sections(self):
        with CaptureQueriesContext(connection) as statements:
            self.client.get("/people/maria-rosshaw/?acting=2&crew=2")
        assert len(statements) <= 9


class ShortPageTests(TestCase):
    def test_few_rows_have_no_pager_and_no_number(self):
        make_credit(make_person("Eric Overmyer"), make_series("Bosch"))
        page = self.client.get("/people/eric-overmyer/")
        self.assertNotContains(page, "section-pages")
        self.assertNotContains(page, "shown</span>")
        assert self.client.get("/people/eric-overmyer/?acting=2").status_code == 404

    def test_exactly_a_full_page_has_no_pager(self):
        unit = make_organization("Unit")
        for number in range(60):
            make_membership(unit, make_character(f"Member {number:02}"))
        self.assertNotContains(self.client.get("/organizations/unit/"), "section-pages")
        make_membership(unit, make_character("Member 60"))
        page = self.client.get("/organizations/unit/?members=2")
        self.assertContains(page, "61 members, 61–61 shown")
        self.assertContains(page, "Member 60")
        self.assertNotContains(page, "Member 59")

    def test_a_cast_that_just_fits_is_whole_and_one_more_is_cut(self):
        series = make_series("Bosch")
        season = make_season(series, 1)
        make_episode(season, 1)
        parts = [make_portrayal(series=series, seasons=[season]) for _ in range(60)]
        paths = ["/series/bosch/", "/series/bosch/season-1/", "/series/bosch/season-1/episode-1/"]
        for path in paths:
            with self.subTest(path=path):
                page = self.client.get(path)
                assert {row.pk for row in page.context["portrayals"]} == {row.pk for row in parts}
                self.assertNotContains(page, "?cast=2")
                self.assertNotContains(page, "/actors/?series=bosch")
                assert self.client.get("/series/bosch/season-1/?cast=2").status_code == 404
        make_portrayal(series=series, seasons=[season])
        self.assertContains(self.client.get(paths[0]), "All 61 actors")
        for path in paths[1:]:
            with self.subTest(path=path):
                self.assertContains(self.client.get(path), "61 parts, 1–60 shown")
                assert len(self.client.get(f"{path}?cast=2").context["portrayals"]) == 1


class RevealedRoleTests(TestCase):
    """Among 70 open roles, one is a spoiler, and one is a spoiler only in another series."""

    @classmethod
    def setUpTestData(cls):
        cls.person = make_person("Mimi Rogers")
        cls.bosch = make_series("Bosch", premiered="2014")
        cls.legacy = make_series("Bosch: Legacy", premiered="2022")
        reveal = make_episode(make_season(cls.bosch, 1), 1)
        for number in range(70):
            make_portrayal(cls.person, make_character(f"Role {number:02}"), cls.bosch)
        cls.secret = make_character("Aaron the murderer")
        make_portrayal(cls.person, cls.secret, cls.bosch, revealed_in=reveal)
        cls.known = make_character("Role 59 too")
        make_portrayal(cls.person, cls.known, cls.bosch)
        make_portrayal(cls.person, cls.known, cls.legacy, revealed_in=reveal)

    def test_a_hidden_role_comes_last_whatever_its_name(self):
        first = self.client.get("/people/mimi-rogers/")
        self.assertNotContains(first, "Aaron the murderer")
        second = self.client.get("/people/mimi-rogers/?acting=2")
        rows = list(second.context["portrayals"])
        assert rows[-1].character == self.secret
        heads = re.findall(r'cast-list__group">(.*?)</h3>', second.content.decode())
        assert heads[-1] == "A role that would spoil an episode"
        assert sum("Aaron" in head for head in heads) == 0

    def test_a_hidden_role_stands_in_a_closed_fold(self):
        page = self.client.get("/people/mimi-rogers/?acting=2").content.decode()
        before, _, _ = page.partition("Aaron the murderer")
        assert before.rfind('<details class="spoiler">') > before.rfind("</details>")
        assert "Aaron" not in page.split("<body>")[0]

    def test_a_role_that_stands_open_elsewhere_keeps_its_name_over_the_pages(self):
        # With 59 roles before it by name, its open row ends the first page.
        Portrayal.objects.filter(character__name="Role 00").delete()
        first = list(self.client.get("/people/mimi-rogers/").context["portrayals"])
        assert first[-1].character == self.known
        second = self.client.get("/people/mimi-rogers/?acting=2")
        assert next(iter(second.context["portrayals"])).character == self.known
        heads = re.findall(r'cast-list__group">(.*?)</h3>', second.content.decode())
        assert "Role 59 too" in heads[0]

    def test_an_open_part_in_a_draft_opens_nothing(self):
        draft = make_series("Draft", state=State.DRAFT)
        make_portrayal(self.person, self.secret, draft)
        page = self.client.get("/people/mimi-rogers/?acting=2").content.decode()
        assert "A role that would spoil an episode" in page


class LongSeriesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.series = make_series("Bosch", premiered="2014")
        cls.season = make_season(cls.series, 1)
        cls.episode = make_episode(cls.season, 1)
        job = make_job("Writer", rank=20)
        cls.director = make_job("Director", rank=10)
        for number in range(70):
            person = make_person(f"Person {number:02}")
            make_portrayal(
                person,
                make_character(f"Role {number:02}", first_appearance=cls.episode),
                cls.series,
                [cls.season],
                [cls.episode],
                kind="guest" if number % 2 else "main",
            )
            for work in (job, cls.director):
                make_credit(person, cls.series, work, season=cls.season)
        draft = make_person("Nobody yet", state=State.DRAFT)
        make_portrayal(draft, make_character(), cls.series)
        make_credit(draft, cls.series, job)

    def test_the_beginning_of_the_cast_leads_to_all_actors(self):
        page = self.client.get("/series/bosch/")
        rows = page.context["portrayals"]
        assert len(rows) == 60
        assert [row.kind for row in rows] == ["main"] * 35 + ["guest"] * 25
        self.assertContains(page, '<a href="/actors/?series=bosch">All 70 actors</a>')

    def test_the_beginning_of_the_crew_leads_to_all_crew(self):
        page = self.client.get("/series/bosch/")
        assert [row.job.name for row in page.context["credits"]].count("Director") == 70
        assert len(page.context["credits"]) == 120
        self.assertContains(page, '<a href="/crew/?series=bosch">All crew</a>')

    def test_a_short_series_leads_nowhere_else(self):
        make_portrayal(series=make_series("Ballard"))
        page = self.client.get("/series/ballard/")
        for address in ("/actors/?series=ballard", "/crew/?series=ballard"):
            self.assertNotContains(page, address)

    def test_season_and_episode_show_their_cast_in_pages(self):
        for path in ["/series/bosch/season-1/", "/series/bosch/season-1/episode-1/"]:
            with self.subTest(path=path):
                first, second = self.client.get(path), self.client.get(f"{path}?cast=2")
                rows = [*first.context["portrayals"], *second.context["portrayals"]]
                assert len({row.pk for row in rows}) == len(rows) == 70
                assert self.client.get(f"{path}?cast=3").status_code == 404
                assert self.client.get(f"{path}?crew=2").status_code == 200

    def test_a_very_long_series_shows_its_main_cast_and_first_jobs(self):
        person = make_person("Extra")
        Portrayal.objects.bulk_create(
            Portrayal(person=person, character=make_character(), series=self.series, kind="guest")
            for _ in range(3)
        )
        people = [make_person(f"Many {number}") for number in range(20)]
        jobs = [make_job(f"Job {number}", rank=30 + number) for number in range(50)]
        Credit.objects.bulk_create(
            Credit(person=one, series=self.series, job=job) for one in people for job in jobs
        )
        characters = [make_character(f"Extra {number}") for number in range(50)]
        Portrayal.objects.bulk_create(
            Portrayal(person=one, character=character, series=self.series, kind="guest")
            for one in people
            for character in characters
        )
        refresh_all_gates()
        page = self.client.get("/series/bosch/")
        assert page.context["series"].has_long_cast
        assert page.context["series"].has_long_crew
        assert [row.kind for row in page.context["portrayals"]] == ["main"] * 35
        jobs = [row.job.name for row in page.context["credits"]]
        assert jobs == ["Director"] * 70 + ["Writer"] * 50
        self.assertContains(page, "All 91 actors")


class LongCharacterTests(TestCase):
    def test_each_section_has_its_pages(self):
        hero = make_character("Harry Bosch")
        for number in range(61):
            make_portrayal(make_person(), hero, make_series())
            make_fact(hero, f"Fact {number:02}")
            make_membership(make_organization(), hero)
        for name, rows in [
            ("played-by", "portrayals"),
            ("facts", "facts"),
            ("memberships", "memberships"),
        ]:
            with self.subTest(section=name):
                page = self.client.get(f"/characters/harry-bosch/?{name}=2")
                assert len(page.context[rows]) == 1
                self.assertContains(page, f'href="/characters/harry-bosch/#{name}"')


class LongDashboardTests(TestCase):
    def test_names_the_first_series_and_counts_all(self):
        for number in range(26):
            make_series(f"Series {number:02}", premiered=f"20{number + 10}")
        make_series("Draft", state=State.DRAFT)
        page = self.client.get("/")
        self.assertContains(page, "<b>26</b> series")
        self.assertContains(page, "Series 11")
        self.assertNotContains(page, "Series 12")
        self.assertContains(page, '<a href="/series/">All series</a>')
