from django.test import SimpleTestCase

from catalog.search.marking import excerpt, marked


def told(pieces):
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in pieces)


class MarkedTests(SimpleTestCase):
    def test_marks_words_that_begin_so_as_they_are_written(self):
        for text, words, expected in [
            ("Renée Ballard", ["renee"], "[Renée] Ballard"),
            ("Rene\u0301e Ballard", ["ren", "ball"], "[Rene\u0301e] [Ballard]"),
            ("O’Shea and O'Shea's", ["oshea"], "[O’Shea] and [O'Shea's]"),
            ("Weiß, WEISS", ["weiss"], "[Weiß], [WEISS]"),
            ("Bosch", ["osch"], "Bosch"),
            ("", ["bosch"], ""),
            ("<b>Bosch</b>", ["bosch"], "<b>[Bosch]</b>"),
            ("Bosch", [], "Bosch"),
        ]:
            with self.subTest(text=text):
                assert told(marked(text, words)) == expected
                assert "".join(piece.text for piece in marked(text, words)) == text


class ExcerptTests(SimpleTestCase):
    text = " ".join(f"word{number}" for number in range(400))

    def test_stands_around_the_first_of_the_words(self):
        part = told(excerpt(self.text, ["word300"]))
        assert part.startswith("… word29")
        assert " [word300] " in part
        assert part.endswith(" …")
        assert len(part) < 240

    def test_begins_and_ends_with_the_text(self):
        assert told(excerpt("A short one.", ["short"])) == "A [short] one."
        assert told(excerpt(self.text, ["word0"])).startswith("[word0] word1 ")
        assert told(excerpt(self.text, ["word399"])).endswith("[word399]")
        assert told(excerpt(self.text, ["nowhere"])).startswith("word0 word1")

    def test_cuts_what_has_no_blanks(self):
        part = told(excerpt("x" * 5_000 + " bosch " + "y" * 5_000, ["bosch"]))
        assert "[bosch]" in part
        assert len(part) < 300
