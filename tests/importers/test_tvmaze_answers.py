import json
import os
import tempfile
from pathlib import Path

import pytest
from django.test import SimpleTestCase

from catalog.importers.problems import CannotLoadError
from catalog.importers.tvmaze.answers import Answer, by_show, read_bytes, read_file
from catalog.importers.tvmaze.told import UNTOLD, Network

from . import tvmaze as made


def told(*answers, of=None):
    named = [Answer(f"{number}.json", each) for number, each in enumerate(answers, start=1)]
    return by_show(named, of)


def one(*answers, of=None):
    (found,) = told(*answers, of=of)
    return found


def problems(*answers, of=None):
    with pytest.raises(CannotLoadError) as error:
        told(*answers, of=of)
    return "\n".join(error.value.problems)


class ShapeTests(SimpleTestCase):
    def test_a_newer_show(self):
        found = one(
            made.show(
                summary="<p>A <b>case</b>.</p>",
                status="Ended",
                ended="2020-01-01",
                externals={"tvrage": 1, "thetvdb": 279121, "imdb": "tt3107288"},
            )
        ).show
        assert (found.id, found.name, found.synopsis) == (13, "The Case", "A **case**.")
        assert (found.status, found.premiered, found.ended) == ("Ended", "2014-10-07", "2020-01-01")
        assert (found.imdb_id, found.tvdb_id) == ("tt3107288", 279121)
        assert (found.network, found.country) == (Network("Station One"), "United States")

    def test_an_older_show_does_not_speak_of_what_it_has_no_word_for(self):
        answer = made.show()
        for name in ("ended", "externals", "summary"):
            del answer[name]
        found = one(answer).show
        assert (found.ended, found.imdb_id, found.tvdb_id, found.synopsis) == (UNTOLD,) * 4

    def test_null_is_what_is_not_known(self):
        found = one(made.show(summary=None, premiered=None, network=None, language=None)).show
        assert (found.synopsis, found.premiered, found.network, found.language) == (None,) * 4

    def test_a_web_channel_stands_for_a_network(self):
        channel = {
            "id": 1,
            "name": "Streamer",
            "country": None,
            "officialSite": "https://s.example",
        }
        found = one(made.show(network=None, webChannel=channel)).show
        assert found.network == Network("Streamer", "https://s.example")
        assert found.country is None

    def test_an_address_that_is_none_is_left_out(self):
        for site in (
            "javascript:alert(1)",
            "ftp://example.com/",
            "http://a",
            "https://[",
            "http://a b.com/",
            f"https://example.com/{'a' * 500}",
        ):
            with self.subTest(site=site[:30]):
                channel = made.network(officialSite=site)
                assert one(made.show(network=channel)).show.network == Network("Station One", "")
        channel = made.network(officialSite="https://example.com/")
        assert one(made.show(network=channel)).show.network.url == "https://example.com/"

    def test_an_episode_that_never_aired_has_no_date(self):
        episode = made.episode(13, airdate="", airtime="", airstamp=None)
        (found,) = one(made.show(), [episode]).episodes
        assert found.aired is None

    def test_a_title_yet_to_be_announced_is_none(self):
        (found,) = one(made.show(), [made.episode(1, name="TBA", runtime=None)]).episodes
        assert (found.name, found.runtime) == (None, None)

    def test_specials_have_no_number(self):
        found = one(
            made.show(), [made.episode(1), made.special(2), made.special(3, is_significant=False)]
        ).episodes
        assert [(each.number, each.is_special, each.is_significant) for each in found] == [
            (1, False, True),
            (None, True, True),
            (None, True, False),
        ]

    def test_older_episodes_without_a_type_are_told_by_their_numbers(self):
        episodes = [made.episode(1), made.episode(2, number=None)]
        for each in episodes:
            del each["type"]
        found = one(made.show(), episodes).episodes
        assert [(each.is_special, each.is_significant) for each in found] == [
            (False, True),
            (True, True),
        ]

    def test_who_plays_themselves_has_no_character(self):
        found = one(made.show(), [made.cast(self=True), made.cast(made.person(2), voice=True)])
        assert [(part.person, part.character, part.is_voice) for part in found.parts] == [
            (1, None, False),
            (2, 1, True),
        ]

    def test_one_person_has_several_jobs_and_parts(self):
        ada, twin = made.person(), made.character(2, "The Twin")
        found = one(
            made.show(embed={"cast": [made.cast(ada), made.cast(ada, twin)]}),
            [made.crew("Creator", ada), made.crew("Executive Producer", ada)],
        )
        assert len(found.people) == 1
        assert [part.character for part in found.parts] == [1, 2]
        assert [work.job for work in found.works] == ["Creator", "Executive Producer"]

    def test_crew_without_a_birthday_does_not_take_it_from_the_cast(self):
        bare = {"id": 1, "name": "Ada Lind"}
        dated = made.person(birthday="1970-05-06")
        for answers in (
            ([made.crew(who=bare)], [made.cast(dated)]),
            (
                [made.cast(dated)],
                [made.crew(who=bare)],
            ),
        ):
            assert one(made.show(), *answers).people[1].born == "1970-05-06"

    def test_names_keep_their_letters_and_quotation_marks(self):
        name = 'Capt. H.M. "Howling Mad" Åström-Łęcki\u00a0李'
        found = one(made.show(), [made.cast(made.person(name=name))])
        assert found.people[1].name == 'Capt. H.M. "Howling Mad" Åström-Łęcki 李'

    def test_unknown_fields_are_passed_over(self):
        answer = made.show(averageRuntime=60, dvdCountry={"x": [1]}, novel="yes")
        assert one(answer, [made.episode(1, rating={"average": 7.7})]).show.id == 13


class GroupingTests(SimpleTestCase):
    def test_files_come_in_any_order_and_form(self):
        show = made.show(embed={"seasons": [made.season()], "cast": [made.cast()]})
        others = [made.episode(1)], [made.episode(2)], [made.crew()], [made.season(2)], []
        first = one(show, *others)
        assert first == one(*reversed(others), show)
        assert len(first.episodes) == len(first.seasons) == 2
        assert (len(first.parts), len(first.works)) == (1, 1)

    def test_a_single_episode_is_a_list_of_one(self):
        assert [each.id for each in one(made.episode(5, of=210)).episodes] == [5]

    def test_episodes_name_their_show(self):
        found = told(made.show(1, "One"), made.show(2, "Two"), [made.episode(9, of=2)])
        assert [len(each.episodes) for each in found] == [0, 1]

    def test_lists_that_name_no_show_belong_to_the_only_one(self):
        assert len(one(made.show(1), [made.season()]).seasons) == 1

    def test_lists_that_may_be_of_two_shows_are_refused(self):
        text = problems(made.show(1), made.show(2), [made.cast()])
        assert text == (
            "3.json: it does not say of which show it is, and here are 2 shows. Import it together "
            "with the file of one show, or give the id of its show (the command: --show ID)."
        )
        assert "no show is there beside it" in problems([made.cast()])

    def test_it_can_be_said_which_show_they_are_of(self):
        found = told(made.show(1), made.show(2), [made.cast()], of=2)
        assert [len(each.parts) for each in found] == [0, 1]
        assert one([made.cast()], of=5).id == 5

    def test_the_same_twice_counts_once(self):
        found = one(
            made.show(embed={"episodes": [made.episode(1)]}), [made.episode(1)], made.show()
        )
        assert len(found.episodes) == 1

    def test_what_is_told_in_two_ways_is_refused(self):
        text = problems(made.show(), [made.episode(1)], [made.episode(1, name="Other")])
        assert text == (
            "3.json: show 13, episode 1: name is told in two ways: “Chapter 1” and “Other”. Take "
            "answers of the same day."
        )
        assert "status is told in two ways" in problems(made.show(), made.show(status="Ended"))


class RefusalTests(SimpleTestCase):
    def test_the_body_of_a_404_is_no_show(self):
        body = {"name": "Not Found", "message": "Unknown episode", "code": 0, "status": 404}
        assert "an error of TVmaze, “Not Found: Unknown episode”, in place of" in problems(body)

    def test_other_json_is_no_answer(self):
        for answer in ({"people": []}, [{"score": 1, "show": made.show()}], {}, [[]], 5, "x", None):
            with self.subTest(answer=answer):
                assert problems(answer).startswith("1.json: ")

    def test_wrong_types_are_told_with_their_place(self):
        for answer, why in [
            (made.show(name=5), "1.json: show 13: name must be text, not 5."),
            (made.show(name=""), "1.json: show 13: has no name."),
            (made.show(key="13"), "1.json: show: id must be a whole number, not “13”."),
            (made.show(key=True), "id must be a whole number, not true."),
            (made.show(key=2**31), "id must be from 1 to 2,147,483,647, not 2147483648."),
            (made.show(premiered="2014"), "premiered must be a day like 2025-03-27, not “2014”."),
            (made.show(premiered="2014-02-30"), "premiered must be a day like"),
            (made.show(ended="2001-01-01"), "ended (2001-01-01) is before premiered (2014-10-07)."),
            (made.show(status="Paused"), "status “Paused” is not one of: Running, Ended,"),
            (made.show(network=[]), "network must be an object, in curly brackets, not a list."),
            (made.show(network={"name": "x" * 121}), "network: name is longer than 120 characters"),
            (made.show(externals={"imdb": "nope"}), "imdb must read like tt3502248, not “nope”."),
            (made.show(summary="<script>x</script>"), "show 13: summary holds a <script>"),
            (made.show(name="a\x00b"), "name holds a character that cannot be stored"),
            (made.show(name="\ud800"), "name holds a character that cannot be stored"),
            (made.show(embed={"cast": {}}), "show 13: cast must be a list, in square brackets"),
            (made.show(embed=[]), "_embedded must be an object"),
            (made.show(embed={"cast": [5]}), "cast no. 1 of the list: must be an object"),
        ]:
            with self.subTest(why=why):
                assert why in problems(answer)

    def test_items_are_told_by_their_ids(self):
        for items, why in [
            (
                [made.episode(5, airdate="soon")],
                "2.json: show 13, episode 5: airdate must be a day",
            ),
            ([made.episode(5, season=None)], "episode 5: has no season."),
            ([made.episode(5, number=10_000)], "episode 5: number must be from 0 to 9,999, not"),
            (
                [made.episode(5, runtime="60")],
                "episode 5: runtime must be a whole number, not “60”.",
            ),
            (
                [made.episode(5, summary="<b onload=x>")],
                "episode 5: summary holds a script, in the",
            ),
            (
                [{**made.season(3), "number": "3"}],
                "season no. 1 of the list: number must be a whole",
            ),
            ([made.cast(made.person(name=None))], "cast no. 1 of the list: person: has no name."),
            ([made.cast(voice="no")], "voice must be true or false, not “no”."),
            ([made.cast(whom={"id": 0, "name": "x"})], "character: id must be from 1"),
            ([made.crew(job=None)], "crew no. 1 of the list: has no type, which is the job."),
            (
                [made.crew(who=made.person(birthday="1990-01-01", deathday="1980-01-01"))],
                "deathday (1980-01-01) is before birthday (1990-01-01).",
            ),
        ]:
            with self.subTest(why=why):
                assert why in problems(made.show(), items)

    def test_a_list_of_different_things_is_refused(self):
        assert "of different kinds: cast, episodes" in problems([made.episode(), made.cast()])

    def test_every_problem_is_told(self):
        text = problems(made.show(embed={"cast": [made.cast(voice=1), made.cast(self=1)]}), {})
        assert len(text.splitlines()) == 3


class FileTests(SimpleTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def refuse(self, path):
        with pytest.raises(CannotLoadError) as error:
            read_file(path)
        return str(error.value)

    def test_a_byte_order_mark_is_passed_over(self):
        path = made.write(self.folder, "show.json", made.show(), mark=True)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert one(read_file(path).content).show.name == "The Case"

    def test_what_is_no_json_is_refused_by_name(self):
        path = made.write(self.folder, "x.json", "<html>")
        assert self.refuse(path) == "x.json, line 1, column 1: this is not JSON: Expecting value."
        path.write_bytes(b'{"name": "\xff"}')
        assert "x.json, line 1: this is not UTF-8" in self.refuse(path)
        assert "it cannot be read" in self.refuse(self.folder / "none.json")
        assert "this is a folder. Name the files" in self.refuse(self.folder)

    def test_deep_nesting_is_refused(self):
        path = made.write(self.folder, "x.json", "[" * 200_000)
        assert "x.json: it is nested too deeply" in self.refuse(path)
        deep = json.loads("[" * 300 + "]" * 300)
        assert "must be an object" in problems(made.show(), deep)

    def test_a_huge_file_is_refused_unread(self):
        path = self.folder / "x.json"
        with path.open("wb") as file:
            os.truncate(file.fileno(), 200_000_000)
        assert self.refuse(path) == (
            "x.json: it is larger than 20 MB, which no answer of TVmaze is."
        )

    def test_a_huge_number_is_refused(self):
        assert "too long to read" in self.refuse(made.write(self.folder, "x.json", "9" * 5_000))
        with pytest.raises(CannotLoadError, match="NaN"):
            read_bytes("x.json", b"[NaN]")
