import time

import pytest
from django.test import SimpleTestCase

from catalog.entering.title_lines import read_titles
from catalog.models import PartialDate


class TitleLinesTests(SimpleTestCase):
    def test_reads_a_line_in_each_of_its_forms(self):
        day = PartialDate("2015-02-13")
        for text, number, name, aired in [
            ("Lost Light", None, "Lost Light", None),
            ("“Lost Light”", None, "Lost Light", None),
            ("2. Lost Light", 2, "Lost Light", None),
            ("2) Lost Light – 13 February 2015", 2, "Lost Light", day),
            ("2. Lost Light (Feb 13, 2015)", 2, "Lost Light", day),
            ("Lost Light, February 13, 2015", None, "Lost Light", day),
            ("2\tLost Light\t2015-02-13", 2, "Lost Light", day),
            ("Episode 2: Lost Light", 2, "Lost Light", None),
            ("• Lost Light - 2015-02-13", None, "Lost Light", day),
            ("Lost Light\t2015", None, "Lost Light", PartialDate("2015")),
        ]:
            with self.subTest(text=text):
                [line] = read_titles(text)
                assert (line.number, line.name, line.aired) == (number, name, aired)

    def test_leaves_titles_that_look_like_more(self):
        for text in ["30 Days", "Blade Runner, 2049", "Us – and Them", "Chapter Eight: High Low"]:
            with self.subTest(text=text):
                [line] = read_titles(text)
                assert (line.number, line.name, line.aired) == (None, text, None)

    def test_refuses_too_much(self):
        with pytest.raises(ValueError, match="These are 101 lines"):
            read_titles("A\n" * 101)
        start = time.process_time()
        for filling in (" (b", ", ", " - ", "\tb", "1. "):
            with pytest.raises(ValueError, match="has more than 400 letters"):
                read_titles("a" + filling * 20_000 + "c")
            read_titles("\n".join(["a" + (filling * 200)[:190]] * 100))
        assert time.process_time() - start < 5
        with pytest.raises(ValueError, match="has more than 200 letters"):
            read_titles("x" * 201)
