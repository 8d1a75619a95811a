"""Draws static/img/icon.svg as the PNG files that manifests and telephones ask for.

Run it after a change of the drawing, with the packages of the tests:
.venv/bin/python scripts/icons.py
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "static" / "img"
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
        browser.close()


if __name__ == "__main__":
    main()
