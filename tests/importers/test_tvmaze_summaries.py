from html import escape

import pytest
from django.test import SimpleTestCase

from catalog.importers.problems import FormError
from catalog.importers.tvmaze.summaries import as_markdown
from catalog.templatetags.catalog import markdown


class MarkdownTests(SimpleTestCase):
    def test_keeps_paragraphs_and_emphasis(self):
        html = "<p><b>The Case</b> is <i>old </i>news.<br />Really.</p><p>Again &amp; again.</p>"
        assert as_markdown(html) == "**The Case** is *old* news.\nReally.\n\nAgain & again."

    def test_keeps_lists_and_links(self):
        html = '<ul><li>One</li><li><a href="https://example.com/a">Two</a></li></ul>'
        assert as_markdown(html) == "- One\n- [Two](https://example.com/a)"

    def test_a_link_that_leads_nowhere_useful_keeps_its_words(self):
        assert as_markdown('<a href="/shows/1">Two</a>') == "Two"

    def test_what_would_be_a_mark_is_kept_from_being_one(self):
        assert as_markdown("<p># 1 * 2 [x](y)</p><p>1. One</p>") == (
            "\\# 1 \\* 2 [x\\](y)\n\n1\\. One"
        )

    def test_visitors_read_what_was_written_whatever_it_means_in_markdown(self):
        for words in [
            "1. One",
            "12) Twelve",
            "2014.",
            "# 1",
            "> 1",
            "- 1",
            "-5 degrees",
            "---",
            "+",
            "===",
            "~~~",
            "~5 minutes",
            "*a* and _b_ and `c`",
            "a_b __init__",
            "[Spoiler]: yes",
            "[x](https://example.com/)",
            "Q&A; &copy; &#65;",
        ]:
            with self.subTest(words=words):
                html = f"<p>Before<br>{escape(words)}<br>after</p>"
                shown = markdown(as_markdown(html))
                assert shown == f"<p>Before\n{escape(words, quote=False)}\nafter</p>\n"
                assert markdown(as_markdown(escape(words))) == (
                    f"<p>{escape(words, quote=False)}</p>\n"
                )

    def test_broken_html_is_read_as_far_as_it_goes(self):
        assert as_markdown("<p><b>Open <i>twice</p>tail < 3") == "**Open *twice***\n\ntail < 3"
        assert as_markdown("") == ""
        assert as_markdown("<p> &nbsp; </p>") == ""
        assert as_markdown("<![if !x]>One <![of[two]]>three<![ 4]> four<![") == "One three four<!["

    def test_unknown_tags_leave_their_text(self):
        assert as_markdown("<p>A <span class='x'>span</span> <blink>!</blink></p>") == "A span !"

    def test_more_tags_than_a_summary_has_are_refused(self):
        """Broken ones are read in the square of the time."""
        with pytest.raises(FormError, match="holds more than 500 tags"):
            as_markdown("<a " * 6_000)
        assert as_markdown("<p>One</p>" * 250).count("One") == 250

    def test_scripts_are_refused_by_name(self):
        for html, named in [
            ("<p>Hi<script>alert(1)</script></p>", "<script>"),
            ("<SCRIPT src=//example.com>", "<script>"),
            ("<p onclick='x()'>Hi</p>", "onclick"),
            ("<img src=x OnError=alert(1)>", "onerror"),
            ("<a href='javascript:alert(1)'>x</a>", "href"),
            ("<a href=' java\tscript:alert(1)'>x</a>", "href"),
            ("<a href='java&#10;script:alert(1)'>x</a>", "href"),
            ("<a href='data:text/html,x'>x</a>", "href"),
            ("<iframe src='https://example.com'></iframe>", "<iframe>"),
            ("<svg><animate/></svg>", "<svg>"),
        ]:
            with self.subTest(html=html), pytest.raises(FormError, match=named):
                as_markdown(html)
