"""What a visitor who is not signed in can read about the Bosch universe."""

import html
import re

from django.core.management import call_command
from django.test import TestCase

from catalog.models import (
    Announcement,
    Character,
    Episode,
    Organization,
    Person,
    Season,
    Series,
    WatchOrder,
)


def text_of(page):
    """What stands open on a page, without mark-up and without what is folded."""
    main = page.partition("<main")[2].partition("</main>")[0]
    open_part = re.sub(r"<details.*?</details>", " ", main, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", open_part)).split())


class BoschPagesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        call_command("load_catalog", verbosity=0)

    def assert_says(self, path, *sentences):
        response = self.client.get(path)
        assert response.status_code == 200, path
        text = text_of(response.text)
        for sentence in sentences:
            assert sentence in text, f"{path} does not say {sentence!r}"

    def test_renee_ballard(self):
        self.assert_says(
            "/characters/renee-ballard/",
            "Detective",
            "Maggie Q",
            "leads the Cold Case Unit, an underfunded team staffed mostly by volunteers",
            "LAPD Cold Case Unit Head of the unit",
            "First appearance Bosch: Legacy, season 3, episode 10: Dig Down",
            "Inspired by Mitzi Roberts",
            "Ally of Harry Bosch",
        )
        folded = "in the finale of Bosch: Legacy, where she works with her retired ally"
        self.assertContains(self.client.get("/characters/renee-ballard/"), folded)
        self.assert_says(
            "/series/bosch-legacy/season-3/episode-10/", "First seen here Renée Ballard"
        )

    def test_her_unit(self):
        self.assert_says(
            "/organizations/lapd-cold-case-unit/",
            "Cold Case Division",
            "Underfunded and staffed mostly by volunteers",
            "Led by Renée Ballard",
            "Volunteers Colleen Hatteras",
        )

    def test_mitzi_roberts(self):
        self.assert_says(
            "/people/mitzi-roberts/",
            "Mitzi Hartert-Roberts",
            "Consultant Ballard",
            "Herself Bosch As themselves S1E3",
            "Inspiration for Renée Ballard",
        )

    def test_harry_bosch_and_those_who_play_him(self):
        self.assert_says(
            "/characters/harry-bosch/",
            "Titus Welliver Bosch Main cast Seasons 1–7",
            "Titus Welliver Bosch: Legacy Main cast Seasons 1–3",
            "Quinn Welliver Bosch Guest S3E6",
            "Cameron Monaghan Bosch: Start of Watch Announced Main cast",
        )

    def test_a_recast(self):
        self.assert_says("/characters/kurt-dockweiler/", "Will Chase", "David Denman")

    def test_crossovers(self):
        self.assert_says(
            "/crossovers/",
            "18 characters",
            "Harry Bosch 4 series Recast",
            "Titus Welliver Main cast, Seasons 1–7 Quinn Welliver Recast Guest, S3E6",
            "Cameron Monaghan Recast Announced Main cast",
            "Renée Ballard 2 series",
        )
        grid = self.client.get("/crossovers/").context["grid"]
        assert [column.name for column in grid.columns] == [
            "Bosch",
            "Bosch: Legacy",
            "Ballard",
            "Bosch: Start of Watch",
        ]
        rows = {row.entry.name: row for row in grid.rows}
        harry = [[line.name for line in cell.lines.values()] for cell in rows["Harry Bosch"].cells]
        assert harry == [
            ["Titus Welliver", "Quinn Welliver"],
            ["Titus Welliver"],
            ["Titus Welliver"],
            ["Cameron Monaghan"],
        ]
        assert [bool(cell) for cell in rows["Renée Ballard"].cells] == [False, True, True, False]
        # Two actors, but both in Bosch: Legacy.
        assert "Kurt Dockweiler" not in rows
        assert [name for name, row in rows.items() if row.is_recast] == ["Harry Bosch"]

    def test_people_who_cross_over(self):
        self.assert_says(
            "/crossovers/people/",
            "Michael Connelly 4 series",
            "Titus Welliver 3 series",
            "Harry Bosch Main cast, Seasons 1–7 Producer",
        )
        self.assert_says(
            "/crossovers/people/?q=roberts", "Mitzi Roberts", "As themselves, S1E3", "Consultant"
        )

    def test_ballard(self):
        self.assert_says(
            "/series/ballard/",
            "Returning",
            "Prime Video",
            "Where it comes from Spin-off of Bosch: Legacy 2022–2025 "
            "in Bosch: Legacy S3E10: Dig Down Renée Ballard is introduced in the finale",
            "Shares its universe with Bosch 2014–2021 Harry Bosch appears in both series.",
            "Co-showrunner Kendall Sherwood Michael Alaimo",
            "Season 2 Date not announced No episodes yet",
        )
        page = text_of(self.client.get("/series/ballard/").text)
        producers = page.partition("Executive producer ")[2].partition("Co-executive")[0]
        for name in ["Michael Connelly", "Michael Alaimo", "Kendall Sherwood"]:
            assert name in producers

    def test_bosch_legacy(self):
        self.assert_says("/series/bosch-legacy/", "Ended", "2022–2025", "30 episodes")
        self.assert_says("/series/bosch-legacy/season-3/", "The last season", "27 March 2025")

    def test_the_timeline(self):
        self.assert_says(
            "/timeline/",
            "2014 6 February 2014 Bosch Premiere Series premiere "
            "6 February 2014 to 13 February 2015 Bosch Season Season 1 , 10 episodes",
            "25 June 2021 Bosch Season Season 7 , 8 episodes "
            "25 June 2021 Bosch Finale Series finale",
            "17 April 2025 Ballard Lineage Spin-off of Bosch: Legacy , "
            "in Bosch: Legacy S3E10: Dig Down Renée Ballard is introduced in the finale",
            "2024 2024 Ballard News Courtney Taylor and John Carroll Lynch join the Ballard series",
            "Not dated yet Bosch: Start of Watch Premiere Series premiere In production",
            "Ballard Season Season 2",
            "Bosch: Start of Watch Lineage Prequel to Bosch Set in 1991",
        )

    def test_start_of_watch(self):
        self.assert_says(
            "/series/bosch-start-of-watch/",
            "In production",
            "Date not announced",
            "MGM+",
            "Prequel to Bosch",
        )

    def test_michael_connelly_is_found_misspelt(self):
        self.assert_says("/search/?q=Connolly", "1 result", "Michael Connelly")
        self.assert_says("/people/?q=connolly", "Michael Connelly")

    def test_the_title_news(self):
        self.assert_says(
            "/news/ballard-title-revealed/",
            "The title was confirmed by a set photograph",
            "chairs bearing the logo",
        )

    def steps_of(self, slug):
        steps = self.client.get(f"/watch-orders/{slug}/").context["steps"]
        return [(str(step.target), step.importance) for step in steps]

    def test_the_release_order(self):
        assert self.steps_of("release-order") == [
            *((f"Bosch, season {number}", "essential") for number in range(1, 8)),
            *((f"Bosch: Legacy, season {number}", "essential") for number in range(1, 4)),
            ("Ballard, season 1", "essential"),
            ("Ballard, season 2", "essential"),
        ]
        self.assert_says(
            "/watch-orders/release-order/",
            "First shown 11 March 2016",
            "The sequel moves to Prime Video",
            "Date not announced",
            "Every season by its release date",
        )

    def test_the_story_order(self):
        steps = self.steps_of("story-order")
        assert steps[0] == ("Bosch: Start of Watch", "optional")
        assert steps[1:] == self.steps_of("release-order")
        self.assert_says(
            "/watch-orders/story-order/",
            "Set in 1991, before everything else",
            "It is not out yet",
            "Arranged by hand",
        )

    def test_just_ballard(self):
        assert self.steps_of("just-ballard") == [
            ("Bosch: Legacy, season 3", "optional"),
            ("Bosch: Legacy S3E10: Dig Down", "essential"),
            ("Ballard, season 1", "essential"),
            ("Ballard, season 2", "essential"),
            ("Bosch", "skippable"),
        ]
        self.assert_says(
            "/watch-orders/just-ballard/", "If you see only one episode before her series"
        )
        self.assert_says(
            "/series/bosch-legacy/season-3/episode-10/?order=just-ballard",
            "Following Just Ballard: what to see first , step 2 of 5",
            "Next Ballard S1E1 Library of Lost Souls",
        )

    def test_unknown_titles_stay_unknown(self):
        self.assert_says(
            "/series/bosch-legacy/season-3/episode-4/", "Episode 4", "is not known yet"
        )

    def test_actors_are_actors_and_crew_is_crew(self):
        actors = self.all_pages("/actors/")
        crew = self.all_pages("/crew/")
        assert "/people/titus-welliver/" in actors
        assert "/people/michael-connelly/" not in actors
        assert "/people/michael-connelly/" in crew
        assert "/people/maggie-q/" not in crew
        assert "/people/mitzi-roberts/" in actors
        assert "/people/mitzi-roberts/" in crew

    def all_pages(self, path):
        pages = [self.client.get(path)]
        while pages[-1].context["page_obj"].has_next():
            number = pages[-1].context["page_obj"].next_page_number()
            pages.append(self.client.get(f"{path}?page={number}"))
        return "".join(page.text for page in pages)

    def test_every_page_of_the_catalogue_answers(self):
        for model in [
            Series,
            Season,
            Episode,
            Character,
            Person,
            Organization,
            Announcement,
            WatchOrder,
        ]:
            for row in model.objects.all():
                with self.subTest(row=str(row)):
                    assert self.client.get(row.get_absolute_url()).status_code == 200

    def test_every_link_of_the_main_pages_leads_somewhere(self):
        seen = set()
        for path in [
            "/",
            "/series/ballard/",
            "/characters/harry-bosch/",
            "/people/titus-welliver/",
            "/watch-orders/story-order/",
        ]:
            seen.update(re.findall(r'href="(/[^"#]*)"', self.client.get(path).text))
        for target in sorted(seen):
            if not target.startswith(("/static/", "/admin/")):
                with self.subTest(target=target):
                    assert self.client.get(html.unescape(target)).status_code == 200

    def test_every_list_has_as_many_cards_as_its_heading_says(self):
        for path in ["/characters/", "/actors/", "/crew/", "/people/"]:
            for series in ["bosch", "bosch-legacy", "ballard", "bosch-start-of-watch"]:
                with self.subTest(path=path, series=series):
                    page = self.client.get(f"{path}?series={series}")
                    told, cards = page.context["filter"].count, []
                    for number in page.context["paginator"].page_range:
                        page = self.client.get(f"{path}?series={series}&page={number}")
                        cards += page.context["object_list"]
                    assert len({card.pk for card in cards}) == len(cards) == told
