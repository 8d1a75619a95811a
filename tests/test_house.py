"""The rules of the house, held by reading it."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import SimpleTestCase, TestCase
from django.urls import URLPattern, reverse

from catalog import urls
from catalog.models import ChangedRow, PendingImport, UploadedSheet
from tests.factories import (
    make_announcement,
    make_character,
    make_episode,
    make_organization,
    make_person,
    make_season,
    make_series,
    make_watch_order,
)

ROOT = Path(__file__).resolve().parent.parent

# Who may import whom inside catalog/. What is not named here may import nothing of the house.
MAY_IMPORT = {
    "urls": {"api", "calendar", "feeds", "oembed", "sitemaps", "views"},
    "api": {"audience", "digests", "filters", "models", "progress", "renamed"},
    "sitemaps": {"models"},
    "calendar": {"filters", "later", "models"},
    "feeds": {"filters", "models"},
    "oembed": {"models"},
    "cards": {"digests", "later", "models"},
    "renamed": {"models", "progress"},
    "views": {
        "cards",
        "filters",
        "renamed",
        "search",
        "audience",
        "progress",
        "lineage",
        "structured_data",
        "timeline",
        "models",
    },
    "structured_data": {"models"},
    "timeline": {"lineage", "models"},
    "filters": {"models"},
    "search": {"models"},
    "audience": {"progress", "models"},
    "importers": {"history", "models", "pictures"},
    "admin": {
        "entering",
        "history",
        "importers",
        "later",
        "merging",
        "models",
        "pictures",
        "roles",
        "second_factor",
        "spreadsheets",
    },
    "backups": {"pictures", "schema", "models"},
    "edge": {"cacheable", "progress", "replicas", "time_limits", "models"},
    "entering": {"models"},
    "exporters": {"audience", "importers", "pictures", "models"},
    "history": {"roles", "models"},
    "merging": {"history", "models"},
    "management": {
        "backups",
        "exporters",
        "importers",
        "pictures",
        "roles",
        "second_factor",
        "models",
    },
    "middleware": {
        "audience",
        "cacheable",
        "preview",
        "progress",
        "renamed",
        "roles",
        "second_factor",
        "time_limits",
        "models",
    },
    "migrations": {"roles", "models"},
    "pictures": {"history", "models"},
    "preview": {"audience", "progress", "models"},
    "roles": {"models"},
    # A sheet says what a data file says, in its words.
    "spreadsheets": {"history", "importers", "later", "models"},
    # What models do with plain text; tags still ask for no rows.
    "templatetags": {"cards", "models"},
}

# Inside models/ the rooms reach each other by string foreign keys. What every room stands on may
# be imported by all; beyond that, only a card that reads the rows of another room imports it.
EVERY_ROOM_MAY_IMPORT = {
    "addresses",
    "afterwards",
    "entry",
    "gate",
    "reach",
    "places",
    "dates",
    "text",
    "external_ids",
}
ROOMS_MAY_IMPORT = {
    "catching_up": {"duplicates", "search"},
    "characters": {"portrayals", "crossovers"},
    "crossovers": {"portrayals", "credits"},
    "duplicates": {"people", "search"},
    # What is missing is asked of every room.
    "gaps": {
        "characters",
        "counting",
        "credits",
        "duplicates",
        "episodes",
        "media",
        "news",
        "organizations",
        "people",
        "portrayals",
        "seasons",
        "series",
        "watch_orders",
    },
    "named": {"search", "search_terms"},
    "people": {"portrayals", "credits"},
    "portrayals": {"appearances", "spans"},
    "reach": {"counting"},
    "seasons": {"episodes"},
    "series": {"episodes", "seasons"},
    "organizations": {"portrayals"},
    "statements": {"counting", "parameters", "prepared"},
    "search": {"portrayals", "search_index", "search_terms"},
    "watch_orders": {"seasons"},
}


def read(path):
    return path.read_text(encoding="utf-8")


def python_files(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def imports_of(path):
    """(dotted name, line) of every import, of later ones too; relative ones made absolute."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            if node.module and node.level:
                yield module, node.lineno
            elif node.level:
                for alias in node.names:
                    yield f"{module}.{alias.name}", node.lineno
            else:
                yield module, node.lineno
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Later":
            yield ast.literal_eval(node.args[0]), node.lineno


class ImportTests(SimpleTestCase):
    def test_rooms_import_in_one_direction(self):
        for path in python_files("catalog"):
            room = path.relative_to(ROOT / "catalog").with_suffix("").parts[0]
            for name, line in imports_of(path):
                parts = name.split(".")
                if parts[0] != "catalog" or len(parts) < 2 or parts[1] == room:
                    continue
                with self.subTest(file=str(path.relative_to(ROOT)), line=line):
                    assert parts[1] in MAY_IMPORT.get(room, set()), f"{room} imports {parts[1]}"

    def test_model_rooms_do_not_reach_into_each_other(self):
        for path in python_files("catalog/models"):
            room = path.stem
            if room == "__init__":
                continue
            allowed = EVERY_ROOM_MAY_IMPORT | ROOMS_MAY_IMPORT.get(room, set())
            for name, line in imports_of(path):
                if name.startswith("catalog."):
                    with self.subTest(room=room, line=line):
                        assert name.removeprefix("catalog.models.") in allowed

    def test_the_domain_knows_no_project(self):
        for path in python_files("catalog"):
            for name, line in imports_of(path):
                with self.subTest(file=path.name, line=line):
                    assert name.split(".")[0] not in {"franchise", "tests"}

    def test_imports_stand_at_the_top(self):
        for folder in ["catalog", "franchise"]:
            for path in python_files(folder):
                tree = ast.parse(read(path))
                for node in ast.walk(tree):
                    if isinstance(node, ast.FunctionDef):
                        inner = [
                            n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)
                        ]
                        assert not inner, f"{path}:{node.lineno} imports inside a function"

    def test_only_the_settings_read_the_environment(self):
        readers = {
            str(path.relative_to(ROOT))
            for folder in ["catalog", "franchise"]
            for path in python_files(folder)
            if re.search(r"\bos\.(environ(?!\.setdefault)|getenv)\b", read(path))
        }
        # The servers read their own files, long before Django has settings.
        servers = {"franchise/gunicorn.conf.py", "franchise/granian_server.py"}
        # It hands it on to PostgreSQL's programs.
        programs = {"catalog/backups/postgresql.py"}
        assert readers <= {"franchise/settings.py", *servers, *programs}


class EnvironmentTests(SimpleTestCase):
    def test_every_variable_is_in_the_example(self):
        example = read(ROOT / ".env.example")
        named = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", example, re.MULTILINE))
        settings = read(ROOT / "franchise/settings.py")
        servers = read(ROOT / "franchise/gunicorn.conf.py")
        servers += read(ROOT / "franchise/granian_server.py")
        asked = set(re.findall(r'\benv(?:_\w+)?\(\s*"([A-Z_]+)"', settings))
        asked |= set(re.findall(r'environ(?:\.get\(|\[)\s*"([A-Z_]+)"', servers))
        assert {"SECRET_KEY", "DATABASE_URL", "PORT", "FRANCHISE_NAME"} <= asked
        assert asked <= named, f"not in .env.example: {sorted(asked - named)}"


class AddressTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        series = make_series("Bosch")
        make_episode(make_season(series, 1), 1)
        make_person("Titus Welliver")
        make_character("Harry Bosch")
        make_organization("LAPD")
        make_announcement("Renewed")
        make_watch_order("Release order")

    def test_every_public_name_answers(self):
        arguments = {
            "series-detail": {"slug": "bosch"},
            "season-detail": {"slug": "bosch", "number": 1},
            "episode-detail": {"slug": "bosch", "season": 1, "number": 1},
            "character-detail": {"slug": "harry-bosch"},
            "person-detail": {"slug": "titus-welliver"},
            "organization-detail": {"slug": "lapd"},
            "announcement-detail": {"slug": "renewed"},
            "watch-order-detail": {"slug": "release-order"},
            "sitemap": {"section": "series"},
            "card": {"page": "series/bosch/", "digest": "0"},
        }
        names = [pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]
        assert len(names) >= 17
        for name in names:
            with self.subTest(name=name):
                path = reverse(f"catalog:{name}", kwargs=arguments.get(name))
                asked = {"url": "http://testserver/series/bosch/"} if name == "oembed" else {}
                # The present card has another digest, to which any other leads.
                response = self.client.get(path, asked, follow=name in {"api", "card"})
                assert response.status_code == 200

    def test_the_frozen_addresses_are_where_they_were_promised(self):
        for path in [
            "/",
            "/series/",
            "/series/bosch/",
            "/series/bosch/season-1/",
            "/series/bosch/season-1/episode-1/",
            "/episodes/",
            "/characters/",
            "/characters/harry-bosch/",
            "/actors/",
            "/crew/",
            "/people/",
            "/people/titus-welliver/",
            "/organizations/",
            "/organizations/lapd/",
            "/news/",
            "/news/renewed/",
            "/watch-orders/",
            "/watch-orders/release-order/",
            "/crossovers/",
            "/crossovers/people/",
            "/timeline/",
            "/search/?q=bosch",
            "/progress/",
            "/feeds/news.atom",
            "/calendar.ics",
            "/sitemap.xml",
            "/robots.txt",
        ]:
            with self.subTest(path=path):
                assert self.client.get(path).status_code == 200


class AdminHouseTests(SimpleTestCase):
    def test_every_model_is_in_the_admin(self):
        inlines = {
            inline.model
            for model_admin in admin.site._registry.values()
            for inline in model_admin.inlines
        }
        # What indexes the history is read through its changes; what was given to be imported is
        # seen in its preview.
        unseen = {ChangedRow, PendingImport, UploadedSheet}
        for model in {*apps.get_app_config("catalog").get_models()} - unseen:
            with self.subTest(model=model.__name__):
                assert model in admin.site._registry or model in inlines


class TemplateTests(SimpleTestCase):
    templates = sorted((ROOT / "templates").rglob("*.html"))

    def test_every_partial_has_its_css_block(self):
        css = "\n".join(read(path) for path in sorted((ROOT / "static/css").glob("*.css")))
        partials = [
            path
            for path in self.templates
            if path.name.startswith("_") and "admin" not in path.parts
        ]
        assert len(partials) > 15
        for path in partials:
            block = path.stem[1:].replace("_", "-")
            with self.subTest(partial=path.name):
                assert f'class="{block}' in read(path)
                assert re.search(rf"\.{block}\b", css), f"no .{block} in static/css"

    def test_nothing_is_inline(self):
        """Data in a script is none: browsers run nothing of it."""
        inline = re.compile(
            r"<style|\sstyle=|\son[a-z]+="
            r"|<script(?! type=\"application/ld\+json\">)(?![^>]*\bsrc=)"
        )
        for path in self.templates:
            text = read(path)
            with self.subTest(template=path.name):
                assert not inline.search(text)

    def test_no_page_asks_another_host(self):
        static = [path for path in (ROOT / "static").rglob("*.*") if path.suffix != ".png"]
        for path in [*self.templates, *sorted(static)]:
            text = read(path)
            with self.subTest(file=path.name):
                loads = re.findall(
                    r"(?:src|href|url\(|@import)[=\s]*[\"'(]*(?:https?:)?//\S+", text
                )
                assert not loads

    def test_every_class_in_a_template_is_styled_or_named_by_a_partial(self):
        css = "\n".join(read(path) for path in sorted((ROOT / "static/css").glob("*.css")))
        styled = set(re.findall(r"\.([a-z][\w-]*)", css))
        blocks = {name.partition("__")[0].partition("--")[0] for name in styled}
        for path in self.templates:
            if "admin" in path.parts:
                continue
            for names in re.findall(r'class="([^"{%]*)"', read(path)):
                for name in names.split():
                    with self.subTest(template=path.name, name=name):
                        assert name.partition("__")[0].partition("--")[0] in blocks


class RepositoryTests(SimpleTestCase):
    def tracked(self):
        listing = subprocess.run(
            ["git", "ls-files", "-z"],  # noqa: S607 - wherever it is installed
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if listing.returncode != 0:
            pytest.skip("this is no git checkout")
        return [ROOT / name for name in listing.stdout.split("\0") if name]

    def test_no_file_names_a_package_registry(self):
        hosts = [f"{name}.{end}" for name, end in [("pypi", "org"), ("pythonhosted", "org")]]
        for path in self.tracked():
            if path.is_file() and path.suffix not in {".png", ".ico"}:
                text = read(path)
                with self.subTest(file=path.name):
                    assert not [host for host in hosts if host in text]
        assert not (ROOT / "uv.lock").exists()
