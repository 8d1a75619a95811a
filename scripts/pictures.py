"""Takes the pictures of docs/ from a running site.

    python scripts/pictures.py http://127.0.0.1:8000         the pages that visitors see
    python scripts/pictures.py http://127.0.0.1:8000 anna    the admin, as the editor of that name

Needs the packages of requirements-test.txt and Chromium. The password of the editor is asked for,
or is in EDITOR_PASSWORD. Pictures of the admin are of work that is done for them: take them from a
site whose data nobody needs. They have few colours, so that they stay small.
"""

import csv
import io
import os
import sys
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.environment import find_chromium  # noqa: E402 - found only now

DOCS = ROOT / "docs"
COLOURS = 256
WIDE = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}

# name: (address, window, colour scheme, progress)
PICTURES = {
    "dashboard": ("/", WIDE, "light", None),
    "timeline": ("/timeline/", WIDE, "dark", None),
    "crossovers": ("/crossovers/", WIDE, "light", None),
    "watch-order": ("/watch-orders/just-ballard/", WIDE, "light", "bosch-legacy.3.9"),
    "series": ("/series/ballard/", WIDE, "dark", None),
    "progress-phone": ("/series/ballard/season-1/", PHONE, "dark", "ballard.1.3"),
}


PERSON = "/admin/catalog/person/?q=titus+welliver"


def take(site):
    with browser() as chromium:
        for name, (address, window, scheme, progress) in PICTURES.items():
            context = chromium.new_context(base_url=site, viewport=window, color_scheme=scheme)
            if progress:
                context.add_cookies([{"name": "progress", "value": progress, "url": site}])
            page = context.new_page()
            page.goto(address, wait_until="networkidle")
            keep(page, name)
            context.close()


def take_of_the_admin(site, editor, password):
    """Two windows of one editor, so that both change the same box."""
    with browser() as chromium:
        one, two = (signed_in(chromium, site, editor, password) for _ in range(2))
        one.goto("/admin/")
        keep(one, "editing-front-page")
        for page in (one, two):
            page.goto(PERSON)
            page.locator("#result_list tbody th a").click()
            page.locator("#id_birth_place").wait_for()
        save(two, "New Haven, Connecticut, USA", "The country was missing.")
        save(one, "New Haven (Connecticut)")
        one.locator(".asked").scroll_into_view_if_needed()
        keep(one, "editing-conflict")
        one.locator("input[value=theirs]").first.check()
        save(one)
        one.get_by_role("link", name="History").click()
        keep(one, "editing-history")
        one.goto("/admin/catalog/change/")
        keep(one, "editing-recent-changes")
        one.goto("/admin/catalog/season/?q=ballard")
        one.locator("#result_list tbody th a").first.click()
        one.get_by_role("link", name="Paste a cast list").click()
        one.locator("textarea").fill(CAST)
        one.get_by_role("button", name="Preview").click()
        one.locator("#preview").wait_for()
        keep(one, "editing-cast-list")
        one.goto("/admin/catalog/person/spreadsheet/?q=welliver")
        with one.expect_download() as export:
            one.get_by_role("link", name="CSV").click()
        one.locator("input[type=file]").set_input_files(edited(export.value.path()))
        one.get_by_role("button", name="Preview").click()
        one.locator(".told-rows").wait_for()
        keep(one, "editing-spreadsheet")


CAST = """Maggie Q as Renée Ballard
Titus Welliver ... Harry Bosch
A New Face – A New Character"""


def edited(path):
    """The exported people with one box filled in otherwise, and one of them more."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    rows[0]["birth_place"] = "New Haven"
    rows.append({**dict.fromkeys(rows[0], ""), "name": "A New Face", "born": "May 1980"})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return {"name": "people.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


def signed_in(chromium, site, editor, password):
    page = chromium.new_context(base_url=site, viewport=WIDE, color_scheme="light").new_page()
    page.goto("/admin/login/")
    page.locator("#id_username").fill(editor)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.locator("#logout-form").wait_for()
    return page


def save(page, birth_place=None, why=""):
    if birth_place:
        page.locator("#id_birth_place").fill(birth_place)
    page.locator("input[name=why]").fill(why)
    page.locator("input[name=_continue]").first.click()
    page.wait_for_load_state("networkidle")


@contextmanager
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


def keep(page, name):
    picture = Image.open(io.BytesIO(page.screenshot()))
    path = DOCS / f"{name}.png"
    picture.convert("RGB").quantize(COLOURS, kmeans=1).save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [site]:
            take(site)
        case [site, editor]:
            password = os.environ.get("EDITOR_PASSWORD") or getpass(f"Password of {editor}: ")
            take_of_the_admin(site, editor, password)
        case _:
            sys.exit(__doc__)
