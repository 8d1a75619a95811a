from io import StringIO

from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import SimpleTestCase, TestCase
from django.test.utils import CaptureQueriesContext

from catalog.models import LikelyDuplicate, Likeness, Person, PersonLink, SearchEntry, State
from catalog.models.duplicates import Names
from catalog.models.external_ids import ids_in

from ..factories import make_character, make_person


def pairs():
    """{(name, other name): why} of all that are listed."""
    return {
        tuple(sorted(str(entry) for entry in pair.both)): pair.why
        for pair in LikelyDuplicate.objects.for_list()
    }


class LikenessTests(SimpleTestCase):
    def test_names_are_alike_by_what_is_closest(self):
        for ours, theirs, why in [
            (["jane smith"], ["jane smith"], Likeness.SAME_NAME),
            (["jane smith", "janey"], ["ann brown", "janey"], Likeness.SAME_NAME),
            (["jane smith"], ["smith jane"], Likeness.OTHER_ORDER),
            (["jane smith"], ["jane smyth"], Likeness.ONE_LETTER),
            (["jane smith"], ["jan smith"], Likeness.ONE_LETTER),
            (["jane smith"], ["jane smiths"], Likeness.ONE_LETTER),
            (["jane smith"], ["jnae smith"], Likeness.ONE_LETTER),
            (["mcdonald"], ["mc donald"], Likeness.ONE_LETTER),
            (["jane smith"], ["jane smythe"], None),
            (["jane smith"], ["jane"], None),
            ([], ["jane smith"], None),
        ]:
            with self.subTest(ours=ours, theirs=theirs):
                assert Names(ours).likeness(theirs) == why
                assert Names(theirs).likeness(ours) == why

    def test_short_names_and_numbers_tell_apart(self):
        assert Names(["anna"]).likeness(["anne"]) is None
        assert Names(["officer 1"]).likeness(["officer 2"]) is None
        assert Names(["officer 1"]).likeness(["officer 12"]) is None


class PagesElsewhereTests(SimpleTestCase):
    def test_ids_are_read_from_links_to_people(self):
        for link, found in [
            ("https://www.imdb.com/name/nm0920460/", [("imdb_id", "nm0920460")]),
            ("http://m.imdb.com/name/nm0920460/bio?ref_=x", [("imdb_id", "nm0920460")]),
            ("https://www.tvmaze.com/people/37135/titus-welliver", [("tvmaze_id", "37135")]),
            ("https://www.themoviedb.org/person/39389-titus-welliver", [("tmdb_id", "39389")]),
            ("https://www.wikidata.org/wiki/Q471018", [("wikidata_id", "Q471018")]),
            ("https://www.imdb.com/title/tt3502248/", []),
            ("https://www.tvmaze.com/shows/179/bosch", []),
            ("https://www.tvmaze.com/people/99999999999", []),
            ("https://www.tvmaze.com/people/9999999999", []),
            ("https://example.com/name/nm0920460/", []),
            ("https://example.com/?u=https://www.imdb.com/name/nm0920460/", []),
        ]:
            with self.subTest(link=link):
                assert ids_in(link, Person.external_kinds) == found


class LookAgainTests(TestCase):
    def test_a_name_that_is_there_already_is_found(self):
        make_person("Renée Ballard")
        make_person("renee BALLARD", state=State.DRAFT)
        make_person("Harry Bosch")
        assert pairs() == {("Renée Ballard", "renee BALLARD"): "same-name"}

    def test_other_names_and_full_names_count(self):
        make_person("Madison Lintz")
        make_person("M. Lintz", other_names="Maddie\nMadison Lintz")
        make_character("Harry Bosch", full_name="Hieronymus Bosch")
        make_character("Hieronymus Bosch")
        assert pairs() == {
            ("M. Lintz", "Madison Lintz"): "same-name",
            ("Harry Bosch", "Hieronymus Bosch"): "same-name",
        }

    def test_every_slip_of_one_letter_is_found(self):
        name = "titus welliver"
        make_person("Titus Welliver")
        slips = {name[:at] + name[at + 1 :] for at in range(len(name))}
        slips |= {f"{name[:at]}x{name[at:]}" for at in range(len(name) + 1)}
        slips |= {f"{name[:at]}x{name[at + 1 :]}" for at in range(len(name))}
        slips |= {
            name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1)
        }
        for slip in sorted(slips - {name}):
            with self.subTest(slip=slip), transaction.atomic():
                person = make_person(slip)
                assert LikelyDuplicate.objects.of(person).count() == 1
                person.delete()

    def test_people_are_not_compared_with_characters(self):
        make_person("Jane Smith")
        make_character("Jane Smith")
        assert pairs() == {}

    def test_the_same_page_elsewhere_is_found_in_ids_and_in_links(self):
        for ids, link in [
            ({"imdb_id": "nm0920460"}, "https://www.imdb.com/name/nm0920460"),
            ({"wikidata_id": "Q471018"}, "https://www.wikidata.org/wiki/Q471018"),
        ]:
            with self.subTest(link=link):
                one = make_person("Titus Welliver", **ids)
                other = make_person("T. B. Welliver")
                other.links.create(label="Elsewhere", url=link)
                assert pairs() == {("T. B. Welliver", "Titus Welliver"): "same-elsewhere"}
                one.delete()
                make_person("Titus Welliver", **ids)
                assert pairs() == {("T. B. Welliver", "Titus Welliver"): "same-elsewhere"}
                Person.objects.all().delete()
        make_person("A").links.create(label="Web site", url="https://example.com/her/")
        make_person("B").links.create(label="Home", url="https://example.com/her")
        assert pairs() == {("A", "B"): "same-elsewhere"}

    def test_a_pair_goes_when_they_are_no_longer_alike(self):
        make_person("Jane Smith")
        person = make_person("Jane Smith")
        person.name = "Jane Smyth"
        person.save()
        assert set(pairs().values()) == {"one-letter"}
        person.name = "Somebody Else"
        person.save()
        assert pairs() == {}

    def test_what_was_said_of_a_pair_stays(self):
        one, _ = make_person("Jane Smith"), make_person("Jane Smith")
        LikelyDuplicate.objects.update(dismissed=True)
        one.biography = "Born in Leeds."
        one.save()
        assert LikelyDuplicate.objects.get().dismissed

    def test_pairs_go_with_those_who_are_in_them(self):
        one, _ = make_person("Jane Smith"), make_person("Jane Smith")
        one.delete()
        assert pairs() == {}

    def test_a_name_of_many_is_listed_only_so_often(self):
        for _ in range(25):
            make_character("Nurse")
        nurse = make_character("Nurse")
        assert LikelyDuplicate.objects.of(nurse).count() == 20
        # What is listed stays, whichever of them is saved next.
        listed = {*LikelyDuplicate.objects.values_list("pk", flat=True)}
        nurse.save()
        assert listed <= {*LikelyDuplicate.objects.values_list("pk", flat=True)}

    def test_names_of_any_script_and_length_are_looked_for(self):
        for name in ["李小龍", "Анна Каренина", "O", "…", "x" * 200, "\u202egnirts", "a_b'c\"d|e"]:
            with self.subTest(name=name):
                one, other = make_person(name), make_person(name)
                expected = 0 if name == "…" else 1
                assert LikelyDuplicate.objects.of(one).count() == expected
                one.delete()
                other.delete()

    def test_saving_a_state_alone_does_not_look(self):
        person = make_person("Jane Smith")
        with CaptureQueriesContext(connection) as queries:
            person.save(update_fields=["state"])
        assert not [query for query in queries if "likelyduplicate" in query["sql"]]

    def test_statements_do_not_grow_with_those_who_are_alike(self):
        def statements():
            person = make_person("Jane Smith")
            with CaptureQueriesContext(connection) as queries:
                LikelyDuplicate.objects.look_again([person])
            return len(queries)

        make_person("Jane Smith")
        before = statements()
        for _ in range(5):
            make_person("Jane Smyth")
        assert statements() == before

    def test_the_database_keeps_pairs_of_one_kind(self):
        person, character = make_person(), make_character()
        one, other = sorted([person, make_person()], key=lambda each: each.pk)
        for fields in [
            {"person": person, "other_person": person},
            {"person": other, "other_person": one},
            {"person": person, "other_character": character},
            {},
        ]:
            refused = self.assertRaises(IntegrityError)
            with self.subTest(fields=fields), refused, transaction.atomic():
                LikelyDuplicate.objects.create(why="same-name", **fields)


class FindDuplicatesTests(TestCase):
    def find(self):
        out = StringIO()
        call_command("find_duplicates", stdout=out)
        return out.getvalue()

    def test_finds_what_was_written_past_the_catalogue(self):
        people = Person.objects.bulk_create(
            [Person(name="Jane Smith", slug=f"jane-{number}") for number in range(2)]
        )
        SearchEntry.objects.record(people)
        PersonLink.objects.bulk_create(
            [
                PersonLink(person=person, label="Home", url="https://example.com/")
                for person in [make_person("A"), make_person("B")]
            ]
        )
        assert pairs() == {}
        assert "4 people and characters there are 2 pairs" in self.find()
        assert pairs() == {("Jane Smith", "Jane Smith"): "same-name", ("A", "B"): "same-elsewhere"}

    def test_again_it_finds_the_same(self):
        make_person("Jane Smith")
        make_person("Jane Smyth")
        LikelyDuplicate.objects.update(dismissed=True)
        assert "there are 0 pairs" in self.find()
        assert LikelyDuplicate.objects.get().dismissed
