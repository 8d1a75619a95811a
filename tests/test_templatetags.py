from django.test import SimpleTestCase

from catalog.templatetags.catalog import (
    PATTERNS,
    counted,
    initials,
    joined,
    lead,
    markdown,
    pattern,
)


class MarkdownTests(SimpleTestCase):
    def test_renders_what_editors_write(self):
        assert markdown("**Hard** city") == "<p><strong>Hard</strong> city</p>\n"
        assert markdown("[a](https://a.example)") == '<p><a href="https://a.example">a</a></p>\n'
        assert markdown(None) == ""

    def test_keeps_the_headings_of_the_page(self):
        assert markdown("# Big\n\n## Small") == "<h3>Big</h3>\n<h4>Small</h4>\n"

    def test_shows_no_picture_from_elsewhere(self):
        assert "<img" not in markdown("![i](https://evil.example/x.png)")

    def test_lets_nothing_run(self):
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,<script>1</script>)",
            '<https://a.example/"onmouseover=alert(1)>',
        ]:
            with self.subTest(text=text):
                html = markdown(text)
                assert "<script" not in html
                assert "<img" not in html
                assert 'href="javascript:' not in html
                assert 'href="data:' not in html
                assert '" onmouseover' not in html


class LeadTests(SimpleTestCase):
    def test_is_the_first_paragraph_without_markup(self):
        assert lead("A *hard* city.\nAnd more.\n\nSecond.") == "A hard city. And more."
        assert lead("So *hard*, [here](https://a.example).") == "So hard, here."
        assert lead('"<b>"') == "&quot;&lt;b&gt;&quot;"
        assert lead("") == ""


class WordsTests(SimpleTestCase):
    def test_initials_stand_in_for_a_portrait(self):
        for name, letters in {
            "Renée Ballard": "RB",
            "Maggie Q": "MQ",
            "Tutu": "T",
            "Jet-Li Ng": "JN",
            "“Sharkey”": "?",
            "": "?",
        }.items():
            with self.subTest(name=name):
                assert initials(name) == letters

    def test_a_name_always_has_the_same_pattern(self):
        # What browsers and caches have stays right: a pattern depends on nothing but the name.
        assert pattern("Renée Ballard") == "blinds"
        assert pattern("Harry Bosch") == "dots"
        assert {pattern(f"Person {number}") for number in range(100)} == set(PATTERNS)

    def test_numbers_take_their_noun(self):
        assert counted(1, "episode,episodes") == "1 episode"
        assert counted(1204, "episode,episodes") == "1,204 episodes"

    def test_lists_read_as_sentences(self):
        assert joined([]) == ""
        assert joined(["a"]) == "a"
        assert joined(["a", "b", "c"]) == "a, b and c"
