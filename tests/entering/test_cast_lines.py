import time

import pytest
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from catalog.entering.cast_lines import MOST_LINES, read_cast


def read(text, **options):
    [line] = read_cast(text, **options)
    return line


class SplittingTests(SimpleTestCase):
    def test_reads_a_line_in_each_of_its_forms(self):
        for text in [
            "Titus Welliver as Harry Bosch",
            "Titus Welliver As Harry Bosch",
            "Titus Welliver ... Harry Bosch",
            "Titus Welliver...Harry Bosch",
            "Titus Welliver ........ Harry Bosch",
            "Titus Welliver … Harry Bosch",
            "Titus Welliver\tHarry Bosch",
            "Titus Welliver\t...\tHarry Bosch\t68 episodes, 2014-2021",
            "1\tTitus Welliver\tHarry Bosch",
            "Titus Welliver – Harry Bosch",
            "Titus Welliver — Harry Bosch",
            "Titus Welliver - Harry Bosch",
            "Titus Welliver / Harry Bosch",
            "Titus Welliver (Harry Bosch)",
            "• Titus Welliver as Harry Bosch",
            "- Titus Welliver - Harry Bosch",
            "12. Titus Welliver as Harry Bosch",
            "3) Titus Welliver as Harry Bosch",
            "\u00a0 Titus\u00a0Welliver  as\u200b  Harry Bosch \u00a0",
            "Titus Welliver as Harry Bosch (5 episodes)",
            "Titus Welliver as Harry Bosch (68 episodes, 2014–2021)",
            "Titus Welliver (seasons 1–7) as Harry Bosch",
            "Titus Welliver (I) ... “Harry Bosch”",
        ]:
            with self.subTest(text=text):
                line = read(text)
                assert (line.actor, line.character, line.problem) == (
                    "Titus Welliver",
                    "Harry Bosch",
                    "",
                )
                assert (line.kind, line.note, line.credited_as) == ("", "", "")

    def test_keeps_names_as_they_are(self):
        for text, actor, character in [
            ("Jerry O’Connell as J. Edgar", "Jerry O’Connell", "J. Edgar"),
            ("Jean-Luc Bilodeau as Lt. O’Hara-Smith", "Jean-Luc Bilodeau", "Lt. O’Hara-Smith"),
            ("Robert Downey, Jr. as “Kid” Doe", "Robert Downey, Jr.", "“Kid” Doe"),
            ("Tom as Ash Ashton", "Tom", "Ash Ashton"),
        ]:
            with self.subTest(text=text):
                line = read(text)
                assert (line.actor, line.character) == (actor, character)

    def test_the_character_may_come_first(self):
        line = read("Harry Bosch – Titus Welliver", character_first=True)
        assert (line.actor, line.character) == ("Titus Welliver", "Harry Bosch")

    def test_people_may_appear_as_themselves(self):
        for text in [
            "Jimmy Kimmel as Himself",
            "Jimmy Kimmel as Self",
            "Jimmy Kimmel ... Self - Host",
            "Jimmy Kimmel\tSelf (archive footage)",
            "Jimmy Kimmel as themselves",
        ]:
            with self.subTest(text=text):
                line = read(text)
                assert (line.actor, line.character, line.kind) == ("Jimmy Kimmel", "", "self")

    def test_keeps_what_a_remark_says(self):
        assert read("A B as C (uncredited)").note == "uncredited"
        assert read("A B (voice) as C").kind == "voice"
        assert read("A B ... C (as A. B.) (2 episodes)").credited_as == "A. B."
        assert read("A B as C (archive footage)").kind == "archive"


class RefusingTests(SimpleTestCase):
    def test_never_guesses(self):
        for text, problem in [
            ("Titus Welliver", "cannot be split"),
            ("Cast", "cannot be split"),
            ("as Harry Bosch", "cannot be split"),
            ("Titus Welliver as", "cannot be split"),
            ("Titus Welliver (actor)", "cannot be split"),
            ("Mark as Kid as Cop", "more than one place"),
            ("A - B - C", "more than one place"),
            ("Bob ... Detective / Cop", "more than one place"),
            ("Bob as Cop – the good one", "more than one place"),
            ("Bob\tCop\tMain\tLA", "4 columns"),
            ("Bob ... ?!", "A name is missing"),
            ("Bob as " + "x" * 201, "more than 200 letters"),
        ]:
            with self.subTest(text=text):
                line = read(text)
                assert problem in line.problem
                assert (line.actor, line.character) == ("", "")
                assert line.text == text

    def test_says_which_line_is_repeated(self):
        lines = read_cast("A B as C\n\n\nD E as C\na b AS c\n")
        assert [line.problem for line in lines] == ["", "", "This says the same as line 1."]

    def test_refuses_at_once_what_would_take_minutes_to_look_through(self):
        start = time.process_time()
        for filling in ("\t", "\t ", " .", "(", " (", "( ", " - x", "…", "1. ", "a (b"):
            text = "a" + filling * (90_000 // len(filling)) + "b"
            with self.subTest(filling=filling):
                assert read(text).problem or filling.startswith("\t")
                assert len(read(text).text) < 1_000
                many = "\n".join([text[:990]] * 300)
                assert len(read_cast(many)) == 300
        assert time.process_time() - start < 10

    def test_refuses_more_than_it_can_show(self):
        assert len(read_cast("\n".join(f"A{n} as B" for n in range(MOST_LINES)))) == MOST_LINES
        with pytest.raises(ValueError, match=r"These are 301 lines\. Paste 300 at a time"):
            read_cast("\n".join(f"A{n} as B" for n in range(MOST_LINES + 1)))

    @given(st.text(alphabet="ab AS.-–—/()\t[]1…self*", max_size=40))
    def test_reads_or_refuses_any_text(self, text):
        for line in read_cast(text):
            assert bool(line.problem) != bool(line.actor)
            assert line.problem or line.character or line.kind == "self"
