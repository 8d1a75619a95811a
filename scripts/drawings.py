"""Draws what must be PNG files of static/img/icon.svg and static/img/skyline.svg.

Icons for manifests and telephones, and the ground of the cards that are shared (catalog/cards).
Run it after a change of the drawings, with the packages of the tests:
.venv/bin/python scripts/drawings.py
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "static" / "img"
CHROMIUM = "/usr/bin/chromium"
GROUND = "#1b1a38"  # of the drawing itself
# A launcher cuts a maskable icon to a shape of its own: what matters stays in the middle.
SAFE = 0.8
DRAWN = {
    "icon-192.png": (192, None, 1),
    "icon-512.png": (512, None, 1),
    "icon-maskable-192.png": (192, GROUND, SAFE),
    "icon-maskable-512.png": (512, GROUND, SAFE),
    "apple-touch-icon.png": (180, GROUND, 1),
}

# The colours of static/css/tokens.css.
CARD = """
<style>
  body { margin: 0; width: 1200px; height: 630px; overflow: hidden; position: relative;
    background:
      radial-gradient(70% 46% at 62% 100%, rgb(242 166 90 / 0.55), transparent),
      linear-gradient(#0b0d1a 0%, #120f24 45%, #2b1c42 76%, #6a3242 100%); }
  .city, .icon { position: absolute; display: block; }
  .city { left: 0; bottom: 0; width: 1200px; height: 225px; }
  .icon { left: 72px; top: 56px; width: 52px; height: 52px; }
</style>
<svg class="city" viewBox="0 100 1600 300">SKYLINE</svg>
<div class="icon">ICON</div>
"""


def skyline():
    drawing = (FOLDER / "skyline.svg").read_text(encoding="utf-8")
    inner = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    style = "#hills, #lights, #palms, #low { display: none } #far { fill: #1b1436 }"
    return f"<style>{style} #near {{ fill: #070812 }}</style>{inner}"


def main():
    drawing = (FOLDER / "icon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, (size, ground, share) in DRAWN.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            inner = round(size * share)
            style = f"margin:{(size - inner) // 2}px;width:{inner}px;height:{inner}px"
            page.set_content(
                f'<body style="margin:0;overflow:hidden;background:{ground or "transparent"}">'
                f'<div style="{style}">{drawing}</div>'
            )
            page.screenshot(path=FOLDER / name, omit_background=ground is None)
            page.close()
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(CARD.replace("SKYLINE", skyline()).replace("ICON", drawing))
        page.screenshot(path=ROOT / "catalog" / "cards" / "ground.png")
        browser.close()


if __name__ == "__main__":
    main()
