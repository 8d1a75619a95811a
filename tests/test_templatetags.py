from django.template import Context, Template, TemplateSyntaxError
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


class StencilTests(SimpleTestCase):
    def render(self, body, rows, **context):
        text = f"{{% load stencils %}}{{% stencil row in rows %}}{body}{{% endstencil %}}"
        return Template(text).render(Context({"rows": rows, **context}))

    def test_writes_down_each_row(self):
        rows = [{"name": "Harry", "rank": "Detective"}, {"name": "Maddie", "rank": "Officer"}]
        html = self.render("<li>{{ row.rank }} {{ row.name }}</li>", rows)
        assert html == "<li>Detective Harry</li><li>Officer Maddie</li>"
        assert self.render("<li>{{ row.name }}</li>", []) == ""

    def test_a_row_shows_what_it_has(self):
        body = "<li>{% if row.rank %}{{ row.rank }} {% endif %}{{ row.name }}</li>"
        rows = [
            {"name": "Harry", "rank": ""},
            {"name": "Maddie", "rank": "Officer"},
            {"name": "Irvin", "rank": None},
        ]
        assert self.render(body, rows) == "<li>Harry</li><li>Officer Maddie</li><li>Irvin</li>"

    def test_escapes_all_texts(self):
        html = self.render('<a title="{{ row.name }}">', [{"name": "\"><script>'&"}])
        assert html == '<a title="&quot;&gt;&lt;script&gt;&#x27;&amp;">'

    def test_a_text_may_look_like_a_place_to_fill_in(self):
        rows = [{"name": "%(rank)s {{ row.rank }} 100%", "rank": "\0name\0"}]
        html = self.render("{{ row.name }}, {{ row.rank }}, %(name)s, 5%", rows)
        assert html == "%(rank)s {{ row.rank }} 100%, \0name\0, %(name)s, 5%"

    def test_sees_nothing_else_of_the_page(self):
        # What was there at the first row would be in all of them.
        html = self.render("{{ row.name }}{{ secret }}", [{"name": "Harry"}], secret="!")
        assert html == "Harry"

    def test_has_no_text_for_a_filter(self):
        for body in ["{{ row.name|upper }}", "{% if row.rank %}{{ row.name|upper }}{% endif %}"]:
            with self.subTest(body=body), self.assertRaisesMessage(TemplateSyntaxError, "filter"):
                self.render(body, [])

    def test_says_how_it_is_written(self):
        for tag in ["{% stencil %}", "{% stencil row of rows %}"]:
            with (
                self.subTest(tag=tag),
                self.assertRaisesMessage(TemplateSyntaxError, "row in rows"),
            ):
                Template("{% load stencils %}" + tag + "{% endstencil %}")
