from django.test import SimpleTestCase

from catalog.models.search_terms import (
    Wanted,
    name_forms,
    padded_names,
    padded_text,
    terms_like,
    terms_of,
)


class NameFormsTests(SimpleTestCase):
    def test_the_usual_form_comes_first_and_each_once(self):
        for name, forms in {
            "Harry Bosch": ["harry bosch"],
            "Rick O'Shea": ["rick oshea", "rick o shea"],
            "Jay-Z": ["jay z", "jayz"],
            "L.A.P.D.": ["l a p d", "lapd"],
            "J. K. Simmons": ["j k simmons", "jk simmons"],
            "Lewis & Clark": ["lewis clark", "lewis and clark"],
            "Bosch 3x10": ["bosch 3x10", "bosch s3e10"],
            "’Tis the Season": ["tis the season"],
            "?!": [],
        }.items():
            with self.subTest(name=name):
                assert name_forms(name) == forms


class TermsTests(SimpleTestCase):
    def test_words_names_orders_last_names_and_text(self):
        names = padded_names(["harry bosch", "hb"])
        assert names == "| harry bosch | hb |"
        assert terms_of("character", "harry bosch", names, padded_text("A detective")) == [
            "wcharry",
            "wcbosch",
            "wchb",
            "ochb",
            "rcbosch_harry",
            "lcbosch",
            "bc11_harry",
            "ec11__bosch",
            "mcabchhorrsy",
            "bc2_h",
            "ec2_b",
            "mcbh",
            "tca",
            "tcdetective",
        ]

    def test_last_names_may_be_of_two_words(self):
        terms = terms_of("person", "jean claude van damme", "| jean claude van damme |", "")
        assert {"lpdamme", "lpvan_damme"} < set(terms)
        assert not any(term.startswith("lpclaude") for term in terms)

    def test_series_have_no_last_names_and_nothing_to_be_alike_by(self):
        families = {term[0] for term in terms_of("series", "a b", "| a b |", "")}
        assert families == {"w", "r"}

    def test_names_a_letter_apart_have_a_term_in_common(self):
        name = "harry bosch"
        terms = set(terms_of("character", name, f"| {name} |", ""))
        for like in ["harry bosch", "hary bosch", "harry boscht", "harri bosch", "harry bsoch"]:
            with self.subTest(like=like):
                assert terms & {term.text for term in terms_like([like], "character")}
        for other in ["harry", "renee ballard", ""]:
            with self.subTest(other=other):
                assert not terms & {term.text for term in terms_like([other], "character")}
        assert not terms & {term.text for term in terms_like([name], "person")}

    def test_nothing_grows_without_bound(self):
        terms = terms_of("person", "x" * 200, f"| {'x' * 200} |", padded_text("y" * 200_000))
        assert max(map(len, terms)) <= 202


class WantedTests(SimpleTestCase):
    def test_is_folded_and_bounded(self):
        assert Wanted("  RENÉE’s   Ballard ").words == ["renee", "ballard"]
        assert Wanted("bosch S3 E10").words == ["bosch", "s3e10"]
        assert len(Wanted("a " * 5_000).words) == 12
        assert not Wanted("?! \x00 \u202e")
