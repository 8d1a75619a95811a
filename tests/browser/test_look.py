"""The theme, the weight and the steadiness of every page, as a browser meets them."""

import re
import time
from functools import cache

import brotli
from playwright.sync_api import expect

from tests.browser.pages import BrowserTestCase
from tests.browser.test_site import EVERY_KIND_OF_PAGE

NIGHT, PAPER = "rgb(14, 16, 23)", "rgb(246, 242, 234)"  # --ground in static/css/tokens.css
MOST_BYTES = 100_000

# What moved without a visitor's doing, and from where to where.
NOTE_SHIFTS = """
  const shifts = [];
  const note = (entries) => {
    for (const { value, hadRecentInput, sources } of entries) {
      if (hadRecentInput) continue;
      const moved = sources.map(({ node, previousRect: old, currentRect: now }) =>
        `${node?.className || node?.nodeName}: ${[old.x, old.y, old.width, old.height]} -> ` +
        `${[now.x, now.y, now.width, now.height]}`);
      shifts.push([value, ...moved].join("; "));
    }
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  window.takeShifts = () => {
    note(observer.takeRecords());
    return shifts.splice(0);
  };
"""

# Two frames: what a script changed in the first is laid out and noted before the second.
PAINTED = """
  () => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))
"""

HEADER = re.compile(r"(<header class=.entry__header.*?</header>)", re.DOTALL)
TAG = re.compile(r"<[^>]*>[^<]*")
MOST_PIECES = 12

# Writes the page in these pieces, and lets each be painted before the next one comes.
ARRIVE = """
  async (pieces) => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    document.open();
    for (const piece of pieces) {
      document.write(piece);
      await painted();
    }
    document.close();
  }
"""

# The ground at each frame from the first one on, before anything of the page can be seen.
NOTE_GROUNDS = """
  window.grounds = [];
  const look = () => {
    if (document.body) window.grounds.push(getComputedStyle(document.body).backgroundColor);
    if (document.readyState !== "complete") requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


@cache
def packed_size(content):
    """Bytes of ``content``, as whitenoise and the servers in front send it."""
    return len(brotli.compress(content))


def in_pieces(page, most=MOST_PIECES):
    """The HTML of ``page``, its body cut before tags into at most ``most`` pieces of one size."""
    head, start, body = page.content().partition("<body>")
    tags = TAG.findall(start + body)
    step = -(-len(tags) // most)
    return [head, *("".join(tags[i : i + step]) for i in range(0, len(tags), step))]


def theme(page, name):
    return page.get_by_role("group", name="Theme").get_by_role("radio", name=name)


def ground(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


class ThemeTests(BrowserTestCase):
    def test_follows_the_system_until_one_is_chosen(self):
        page = self.open(color_scheme="light")
        page.goto("/")
        assert ground(page) == PAPER
        expect(theme(page, "Auto")).to_be_checked()
        page.emulate_media(color_scheme="dark")
        assert ground(page) == NIGHT

    def test_a_choice_is_remembered_on_every_page(self):
        page = self.open(color_scheme="light")
        page.goto("/")
        theme(page, "Dark").check()
        assert ground(page) == NIGHT
        for path in ["/characters/", "/series/bosch/", "/nowhere/"]:
            page.goto(path)
            assert ground(page) == NIGHT
            expect(theme(page, "Dark")).to_be_checked()
        theme(page, "Auto").check()
        page.goto("/")
        assert ground(page) == PAPER

    def test_nothing_is_painted_in_another_theme_first(self):
        page = self.open(color_scheme="light")
        page.goto("/")
        theme(page, "Dark").check()
        page.context.add_init_script(NOTE_GROUNDS)

        def late(route):
            time.sleep(0.3)
            route.continue_()

        page.route("**/js/theme.js", late)
        for path in ["/", "/series/bosch/"]:
            page.goto(path)
            assert set(page.evaluate("window.grounds")) == {NIGHT}

    def test_another_tab_follows(self):
        page = self.open(color_scheme="light")
        page.goto("/")
        other = page.context.new_page()
        other.goto("/series/")
        theme(other, "Dark").check()
        expect(theme(page, "Dark")).to_be_checked()
        assert ground(page) == NIGHT

    def test_holds_for_the_page_where_nothing_can_be_stored(self):
        page = self.open(color_scheme="light")
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', "
            "{ get() { throw new DOMException('refused', 'SecurityError'); } });"
        )
        page.goto("/")
        theme(page, "Dark").check()
        assert ground(page) == NIGHT
        assert self.faults == []

    def test_works_without_a_script(self):
        page = self.open(color_scheme="light", java_script_enabled=False)
        page.goto("/")
        body = page.locator("body")
        expect(body).to_have_css("background-color", PAPER)
        theme(page, "Dark").check()
        expect(body).to_have_css("background-color", NIGHT)
        theme(page, "Light").check()
        expect(body).to_have_css("background-color", PAPER)

    def test_by_keyboard(self):
        page = self.open(color_scheme="light")
        page.goto("/")
        theme(page, "Auto").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(theme(page, "Dark")).to_be_focused()
        assert ground(page) == NIGHT

    def test_says_nothing_of_the_visitor_to_the_server(self):
        page = self.open()
        page.goto("/")
        theme(page, "Dark").check()
        assert page.context.cookies() == []


class WeightTests(BrowserTestCase):
    def visit(self, path, width):
        """A first visitor's page, and every answer it took."""
        page = self.open(viewport={"width": width, "height": 900})
        page.add_init_script(NOTE_SHIFTS)
        answers = []
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks the function
        page.goto(path)
        return page, answers

    def weight(self, answers):
        return sum(packed_size(answer.body()) for answer in answers)

    def assert_nothing_moved(self, page):
        page.evaluate(PAINTED)
        assert page.evaluate("window.takeShifts()") == []

    def arrive(self, page, pieces):
        page.evaluate(ARRIVE, pieces)
        self.assert_nothing_moved(page)

    def test_no_page_weighs_a_hundred_kilobytes_or_moves(self):
        for width in [390, 1440]:
            for path in EVERY_KIND_OF_PAGE:
                with self.subTest(path=path, width=width):
                    page, answers = self.visit(path, width)
                    self.assert_nothing_moved(page)
                    assert self.weight(answers) < MOST_BYTES
                    assert self.faults_since() == []
                    # Nor while it arrives in pieces, as it does by a slow line.
                    self.arrive(page, in_pieces(page))
                    page.context.close()

    def test_what_has_come_of_a_page_does_not_move_while_the_rest_is_on_its_way(self):
        for width in [390, 1440]:
            for path in ["/series/bosch/", "/series/bosch/season-1/"]:
                with self.subTest(path=path, width=width):
                    page, _ = self.visit(path, width)
                    head, header, rest = HEADER.split(page.content())
                    self.arrive(page, [head, *TAG.findall(header), rest])
                    expect(page.locator(".cover--drawn").first).to_be_visible()
                    page.context.close()

    def test_header_and_footer_stand_still_while_they_arrive(self):
        for width in [390, 820, 1440]:
            with self.subTest(width=width):
                page, _ = self.visit("/news/bosch-legacy-ends/", width)  # shorter than a screen
                self.arrive(page, in_pieces(page, most=100_000))
                page.context.close()

    def test_the_stylesheets_of_every_page_are_small(self):
        _, answers = self.visit("/search/", 1440)  # has none of its own
        sheets = [answer for answer in answers if answer.url.endswith(".css")]
        assert self.weight(sheets) < 14_000


class PreferenceTests(BrowserTestCase):
    def test_the_switch_can_be_told_in_forced_colours(self):
        page = self.open(forced_colors="active")
        page.goto("/characters/")
        choice = page.locator(".theme-switch__choice")
        page.get_by_role("group", name="Theme").get_by_role("radio", name="Light").check()
        assert choice.nth(1).evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        assert choice.nth(0).evaluate("e => getComputedStyle(e).outlineStyle") == "none"
        box = page.get_by_role("banner").get_by_role("combobox")
        for element in [box, page.get_by_role("button", name="Search").first]:
            edge = element.evaluate("e => getComputedStyle(e).borderTopColor")
            assert edge != element.evaluate("e => getComputedStyle(e).backgroundColor")

    def test_nothing_glides_where_motion_is_unwelcome(self):
        for motion, behavior in [("reduce", "auto"), ("no-preference", "smooth")]:
            page = self.open(reduced_motion=motion)
            page.goto("/")
            assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == (
                behavior
            )

    def test_more_contrast_is_given_where_it_is_asked_for(self):
        page = self.open(contrast="more", color_scheme="light")
        page.goto("/series/bosch/")
        faint = page.locator(".fact-list dt").first
        expect(faint).to_have_css("color", "rgb(0, 0, 0)")


class PaperTests(BrowserTestCase):
    def test_the_night_stays_on_the_screen(self):
        page = self.open(color_scheme="dark")
        for path in ["/", "/series/ballard/", "/characters/renee-ballard/", "/nowhere/"]:
            with self.subTest(path=path):
                page.goto(path)
                page.emulate_media(media="print")
                for drawn in page.locator(".skyline, .horizon, .cover--drawn").all():
                    expect(drawn).to_be_hidden()
                ink = "getComputedStyle(document.querySelector('main h1')).color"
                assert page.evaluate(ink) == "rgb(0, 0, 0)"
                page.emulate_media(media="screen")
