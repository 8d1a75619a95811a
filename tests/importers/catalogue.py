"""A small catalogue as a file holds it, and how tests load it."""

import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase

# A little of everything that a file can hold.
SMALL = {
    "sources": [
        {
            "slug": "variety-ballard",
            "publisher": "Variety",
            "title": "Ballard is here",
            "url": "https://variety.com/ballard",
            "published": "2025-07",
            "accessed": "2025-08-01",
        },
        {"slug": "deadline-ballard", "publisher": "Deadline", "title": "Ballard returns"},
    ],
    "networks": [{"slug": "prime-video", "name": "Prime Video"}],
    "jobs": [{"slug": "director", "name": "Director", "department": "directing", "rank": 10}],
    "people": [
        {
            "slug": "maggie-q",
            "name": "Maggie Q",
            "other_names": ["Margaret Quigley", "Maggie Quigley"],
            "born": "1980-01-02",
            "links": [{"label": "Web site", "url": "https://maggieq.example/"}],
            "sources": ["variety-ballard", "deadline-ballard"],
        },
        {"slug": "mitzi-roberts", "name": "Mitzi Roberts"},
    ],
    "series": [
        {
            "slug": "bosch-legacy",
            "name": "Bosch: Legacy",
            "status": "ended",
            "seasons": [{"number": 3, "episodes": [{"number": 10, "name": "Dig Down"}]}],
        },
        {
            "slug": "ballard",
            "name": "Ballard",
            "status": "airing",
            "network": "prime-video",
            "premiered": "2025-07-09",
            "tmdb_id": 247885,
            "links": [{"kind": "spin-off", "to": "bosch-legacy", "episode": "bosch-legacy S3E10"}],
            "seasons": [
                {
                    "number": 1,
                    "sources": ["variety-ballard"],
                    "episodes": [
                        {"number": 1, "name": "Library of Lost Souls", "aired": "2025-07-09"},
                        {"number": 2},
                    ],
                }
            ],
        },
    ],
    "relationship_kinds": [
        {"slug": "partner", "phrase": "partner of", "reverse_phrase": "partner of"}
    ],
    "characters": [
        {
            "slug": "renee-ballard",
            "name": "Renée Ballard",
            "inspired_by": "mitzi-roberts",
            "first_appearance": "bosch-legacy S3E10",
            "facts": [
                {"text": "She surfs.", "revealed_in": "ballard S1E2"},
                {"text": "She leads the unit."},
            ],
            "relationships": [{"kind": "partner", "other": "zamira-parker"}],
        },
        {"slug": "zamira-parker", "name": "Zamira Parker"},
    ],
    "organizations": [
        {
            "slug": "cold-case-unit",
            "name": "Cold Case Unit",
            "parent": "lapd",
            "members": [{"character": "renee-ballard", "standing": "leader", "role": "Head"}],
        },
        {"slug": "lapd", "name": "LAPD"},
    ],
    "portrayals": [
        {
            "person": "maggie-q",
            "character": "renee-ballard",
            "series": "ballard",
            "kind": "main",
            "seasons": [1],
            "first_episode": "S1E1",
            "episodes": ["S1E1", "S1E2"],
            "billing": 1,
            "revealed_in": "bosch-legacy S3E10",
        },
        {"person": "mitzi-roberts", "series": "ballard", "kind": "self"},
    ],
    "credits": [
        {
            "person": "mitzi-roberts",
            "series": "ballard",
            "job": "director",
            "episodes": ["S1E1", "S1E2"],
            "sources": ["variety-ballard"],
        },
        {"person": "maggie-q", "series": "ballard", "job": "director", "season": 1},
        {"person": "maggie-q", "series": "bosch-legacy", "job": "director"},
    ],
    "announcements": [
        {
            "slug": "ballard-premieres",
            "name": "Ballard premieres",
            "date": "2025-07-09",
            "kind": "premiere",
            "series": ["ballard"],
            "people": ["maggie-q"],
            "characters": ["renee-ballard"],
            "publish_at": "2025-07-09T12:00:00Z",
        }
    ],
    "watch_orders": [
        {
            "slug": "by-release",
            "name": "By release",
            "steps": [
                {"position": 1, "episode": "bosch-legacy S3E10", "importance": "essential"},
                {"position": 2, "season": "ballard S1", "reason": "It begins here."},
                {"position": 3, "series": "ballard", "importance": "optional"},
            ],
        }
    ],
}


class LoadCatalogTestCase(TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def write(self, name="catalog.json", /, **content):
        path = self.folder / name
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    def load(self, path=None, **options):
        out = StringIO()
        call_command("load_catalog", path or self.folder, stdout=out, **options)
        return out.getvalue()

    def load_rows(self, **content):
        return self.load(self.write(**content))

    def problems(self, path=None):
        with pytest.raises(CommandError) as caught:
            self.load(path)
        assert caught.value.returncode == 1
        first, *problems = str(caught.value).splitlines()
        assert first.startswith("Nothing was changed, because of ")
        return [problem.removeprefix("  ") for problem in problems]

    def problems_of_rows(self, **content):
        return self.problems(self.write(**content))

    def problem(self, **content):
        [problem] = self.problems_of_rows(**content)
        return problem
