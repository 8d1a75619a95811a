from django.test import SimpleTestCase, TestCase

from catalog.models.text import address, as_lines, fold, isolated
from tests.factories import make_person


class FoldTests(SimpleTestCase):
    def test_makes_alike_what_people_mean_alike(self):
        for folded, spellings in {
            "renee ballard": [
                "Renée Ballard",
                "RENÉE  BALLARD",
                "renee-ballard",
                "Rene\u0301e Ballard",
            ],
            "rick oshea": ["Rick O'Shea", "Rick O’Shea", "RICK OSHEA"],
            "bosch": ["Bosch's", "BOSCH’S", "  bosch! "],
            "strasse": ["Straße", "STRASSE"],
            "soren": ["Søren", "SØREN"],
            "lodz": ["Łódź"],
            "s3e10": ["S3E10"],
            "f ing politics": ["F***ing Politics"],
            "": ["", "!!!", "—", "   "],
        }.items():
            for spelling in spellings:
                with self.subTest(spelling=spelling):
                    assert fold(spelling) == folded

    def test_folding_twice_changes_nothing(self):
        for text in ["Renée’s «Élan»", "İstanbul", "ÆON Flux", "文字"]:
            assert fold(fold(text)) == fold(text)


class IsolatedTests(SimpleTestCase):
    def test_only_what_may_turn_something_around_is_kept_apart(self):
        assert isolated("Renée Ballard 3, «Élan»") == "Renée Ballard 3, «Élan»"
        for name in ["שלום", "مرحبا", "a\u202eb", "a\u202bb"]:
            with self.subTest(name=name):
                assert isolated(name) == f"\u2068{name}\u2069"

    def test_what_was_left_open_is_closed(self):
        assert isolated("a\u2067b") == "\u2068a\u2067b\u2069\u2069"


class AddressTests(SimpleTestCase):
    def test_is_what_a_person_would_type(self):
        for name, slug in {
            "Renée Ballard": "renee-ballard",
            "Rick O'Shea": "rick-oshea",
            "Jury’s Still Out": "jurys-still-out",
            "Bosch: Start of Watch": "bosch-start-of-watch",
            "Søren Łódź": "soren-lodz",
            "Straße": "strasse",
            "文字": "",
        }.items():
            with self.subTest(name=name):
                assert address(name) == slug

    def test_fits_its_column(self):
        assert len(address("word " * 100)) <= 100
        assert not address("word " * 100).endswith("-")


class AsLinesTests(SimpleTestCase):
    def test_drops_blank_lines_and_repeats(self):
        assert as_lines(" a \r\n\n b\na\n") == ["a", "b"]

    def test_nothing_gives_nothing(self):
        assert as_lines("") == []


class LinesFieldTests(TestCase):
    def test_is_tidied_on_cleaning(self):
        person = make_person(other_names=" Q \n\nMaggie\nQ ")
        person.full_clean()
        assert person.other_names == "Q\nMaggie"
