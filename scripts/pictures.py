"""Takes the pictures of docs/ from a running site: python scripts/pictures.py http://127.0.0.1:8000

Needs the packages of requirements-test.txt and Chromium. The pictures have few colours, so that
they stay small.
"""

import io
import sys
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


def take(site):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (address, window, scheme, progress) in PICTURES.items():
            context = browser.new_context(base_url=site, viewport=window, color_scheme=scheme)
            if progress:
                context.add_cookies([{"name": "progress", "value": progress, "url": site}])
            page = context.new_page()
            page.goto(address, wait_until="networkidle")
            picture = Image.open(io.BytesIO(page.screenshot()))
            path = DOCS / f"{name}.png"
            picture.convert("RGB").quantize(COLOURS, kmeans=1).save(path, optimize=True)
            sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB\n")
            context.close()
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    take(sys.argv[1])
