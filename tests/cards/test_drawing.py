"""What is drawn on cards: names in any script, however long, within the margins."""

import io
from unittest import skipUnless

from django.test import SimpleTestCase
from PIL import Image, ImageChops

from catalog.cards import Card
from catalog.cards.drawing import drawn
from catalog.cards.fonts import BOLD, drawable, pieces

FRANCHISE = "The Bosch Universe"
NAMES = {
    "Latin": "Renée Ballard, Ærø, Łódź, İstanbul, Đặng",
    "Cyrillic": "Гарри Босх",
    "Greek": "Χάρι Μπος",
    "Arabic": "شهرزاد والليالي الألف",
    "Hebrew": "הארי בוש",
    "Devanagari": "हैरी बॉश",
    "Thai": "แฮร์รี่ บอช",
    "Georgian": "ჰარი ბოში",
    "Both ways": "Harry Bosch – הארי בוש",
    "Symbols": "Bosch 🚔 returns ★",
}
# Of these the machine must have a font.
FURTHER_NAMES = {"Chinese": "哈里·博斯", "Japanese": "刑事ハリー・ボッシュ"}
LONG = {
    "many words": "A name that goes on and on, as if nobody had ever told it to stop, " * 5,
    "one word": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte" * 5,
    "right to left": "شهرزاد والليالي الألف " * 12,
}
# The icon is on the ground; the stroke beside the title stands in the margin.
# What goes below the line of its letters may touch the roofs, which begin at 462.
MARGIN, ABOVE, BELOW = 40, 50, 475


def picture(title, **more):
    with Image.open(io.BytesIO(drawn(Card("/", title, **more)))) as image:
        return image.convert("L")


def ink(image, other):
    """The box of where two cards differ, beyond what their compression does."""
    difference = ImageChops.difference(image, other)
    return difference.point(lambda value: 255 * (value > 60)).getbbox()


class ScriptTests(SimpleTestCase):
    def test_each_is_drawn_with_a_font_that_has_its_letters(self):
        self.assert_drawn(NAMES)

    @skipUnless(drawable("刑", BOLD), "this machine has no font for Chinese")
    def test_others_are_drawn_with_fonts_of_the_machine(self):
        self.assert_drawn(FURTHER_NAMES)
        whole = picture("刑事天使と罪の街" * 25)  # without a blank where a line could end
        left, _, right, bottom = ink(whole, picture("."))
        assert left >= MARGIN
        assert right <= 1_200 - MARGIN
        assert bottom <= BELOW

    def assert_drawn(self, names):
        drawings = {picture(FRANCHISE).tobytes()}
        for script, name in names.items():
            with self.subTest(script=script):
                assert drawable(name, BOLD) == name
                found = pieces(name, BOLD)
                assert "".join(text for text, _ in found) == name
                for text, face in found:
                    assert [it for it in text if it.strip() and not face.has(it)] == []
            drawings.add(picture(name).tobytes())
        assert len(drawings) == len(names) + 1

    def test_letters_from_right_to_left_are_joined_and_in_order(self):
        """Two letters that join are another drawing than both of them apart, and start right."""
        joined, apart = picture("بب"), picture("ب\u200cب")
        assert ink(joined, apart) is not None
        left, _, right, _ = ink(picture("הארי בוש"), picture("ב"))
        assert left > 600
        assert right > 1_000

    def test_what_no_font_has_is_left_out(self):
        assert drawable("Bosch \U00013000", BOLD) == "Bosch"
        assert drawable("\U00013000\U00013001", BOLD) == ""
        assert picture("Bosch \U00013000").tobytes() == picture("Bosch").tobytes()
        assert picture("\U00013000").tobytes() == picture(FRANCHISE).tobytes()
        assert picture("Bosch", line="\U00013000").tobytes() == picture("Bosch").tobytes()


class FittingTests(SimpleTestCase):
    def test_long_names_stay_within_the_margins(self):
        for kind, name in LONG.items():
            with self.subTest(kind=kind):
                whole = picture(name, kind=name, line=name)
                left, top, right, bottom = ink(whole, picture("."))
                assert left >= MARGIN
                assert right <= 1_200 - MARGIN
                assert top >= ABOVE
                assert bottom <= BELOW

    def test_no_length_runs_into_the_roofs(self):
        words = LONG["many words"]
        for length in range(10, 201, 10):
            for line in ("", "A line", words):
                with self.subTest(length=length, line=line[:6]):
                    whole = picture(words[:length], kind="News", line=line)
                    assert ink(whole, picture("."))[3] <= BELOW

    def test_a_long_name_is_smaller_and_then_cut(self):
        short = ink(picture("Bosch"), picture("."))
        words = LONG["many words"]
        assert picture(words).tobytes() != picture(words[:120]).tobytes()
        # What is cut is not seen, so that it does not matter how much it is.
        assert picture(words).tobytes() == picture(words * 2).tobytes()
        assert short[3] - short[1] < ink(picture(words), picture("."))[3]

    def test_blanks_and_nothing_are_no_fault(self):
        for title in ("", "   ", "\n", "\u200b", "\u202e"):
            with self.subTest(title=title):
                assert picture(title).tobytes() == picture(FRANCHISE).tobytes()
