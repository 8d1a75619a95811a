import json
import os

import pytest

from catalog.importers.catalog_files import DataFiles
from catalog.importers.problems import CannotLoadError
from catalog.models import (
    Person,
    Portrayal,
)

from .catalogue import LoadCatalogTestCase


class FilesTests(LoadCatalogTestCase):
    def write_bytes(self, content, name="catalog.json"):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def problem_of_bytes(self, content):
        [problem] = self.problems(self.write_bytes(content))
        return problem

    def test_loads_a_single_file_and_leaves_its_neighbours(self):
        self.write("other.json", people=[{"slug": "titus-welliver", "name": "Titus Welliver"}])
        self.load_rows(people=[{"slug": "maggie-q", "name": "Maggie Q"}])
        assert Person.objects.get().slug == "maggie-q"

    def test_loads_the_union_of_a_folder(self):
        self.write("b.json", people=[{"slug": "maggie-q", "name": "Maggie Q"}])
        self.write(
            "a.json",
            portrayals=[{"person": "maggie-q", "series": "ballard"}],
            people=[{"slug": "titus-welliver", "name": "Titus Welliver"}],
        )
        self.write("c.json", series=[{"slug": "ballard", "name": "Ballard"}])
        (self.folder / "notes.txt").write_text("Not a part of it.")
        (self.folder / "folder.json").mkdir()
        self.load()
        assert Person.objects.count() == 2
        assert Portrayal.objects.get().series.slug == "ballard"

    def test_accepts_a_byte_order_mark(self):
        self.load(
            self.write_bytes(b'\xef\xbb\xbf{"people": [{"slug": "maggie-q", "name": "Maggie Q"}]}')
        )
        assert Person.objects.get().name == "Maggie Q"

    def test_says_where_a_file_is_not_json(self):
        assert self.problem_of_bytes(b'{"people": [\n  {"slug": "a"},\n  {"slug": }\n]}') == (
            "catalog.json, line 3, column 12: this is not JSON: Expecting value."
        )
        assert self.problem_of_bytes(b"") == (
            "catalog.json, line 1, column 1: this is not JSON: Expecting value."
        )

    def test_says_where_a_file_is_not_utf_8(self):
        assert self.problem_of_bytes(b'{"people": [\n  {"name": "Ren\xe9e"}\n]}') == (
            "catalog.json, line 2: this is not UTF-8; save the file in that encoding."
        )

    def test_refuses_what_is_not_an_object(self):
        assert self.problem_of_bytes(b"[1, 2]") == (
            'catalog.json: it must hold one object, in curly brackets: {"people": [...], ...}.'
        )

    def test_refuses_very_deep_nesting(self):
        for content in [b"[" * 100_000, b'{"people": ' * 100_000]:
            assert self.problem_of_bytes(content) == (
                "catalog.json: it is nested too deeply to be a data file of the catalogue."
            )

    def test_refuses_deep_nesting_that_can_be_read(self):
        deep = json.loads("[" * 300 + "]" * 300)
        assert self.problem(people=deep) == (
            "catalog.json: people[0]: must be an object, in curly brackets."
        )
        assert self.problem(people=[{"slug": "a", "name": deep}]) == (
            "catalog.json: person “a”, name: must be text, in quotation marks, not a list."
        )

    def test_refuses_a_name_that_an_object_has_twice(self):
        assert self.problem_of_bytes(b'{"people": [{"slug": "a", "slug": "b"}]}') == (
            "catalog.json: an object names “slug” twice; keep one of the two."
        )

    def test_refuses_numbers_that_json_does_not_have(self):
        assert self.problem_of_bytes(b'{"people": NaN}') == (
            "catalog.json: NaN is not a number that JSON has."
        )
        assert self.problem_of_bytes(b'{"people": ' + b"1" * 5000 + b"}") == (
            "catalog.json: it holds a number that is too long to read."
        )

    def test_refuses_a_file_that_changes_meanwhile(self):
        path = self.write(people=[{"slug": "a", "name": "A"}])
        files = DataFiles(path)
        files.content(path.name)
        self.write(people=[{"slug": "b", "name": "B"}])
        with pytest.raises(CannotLoadError, match="it changed while it was being loaded"):
            files.content(path.name)

    def test_tells_of_all_files_that_cannot_be_read(self):
        self.write_bytes(b'{"a": ', "a.json")
        self.write_bytes(b"\xff", "b.json")
        (self.folder / "c.json").symlink_to(self.folder / "nowhere")
        assert self.problems() == [
            "a.json, line 1, column 7: this is not JSON: Expecting value.",
            "b.json, line 1: this is not UTF-8; save the file in that encoding.",
            "c.json: it cannot be read: No such file or directory.",
        ]

    def test_a_link_to_what_has_no_end_or_never_begins_is_not_read(self):
        self.write("people.json", people=[{"slug": "maggie-q", "name": "Maggie Q"}])
        os.mkfifo(self.folder / "pipe")
        for target in (self.folder / "pipe", "/dev/zero"):
            with self.subTest(target=target):
                (self.folder / "z.json").symlink_to(target)
                assert self.problems() == [
                    "z.json: this is not a file that can be read twice; save it as one."
                ]
                (self.folder / "z.json").unlink()

    def test_a_file_that_would_fill_the_memory_is_not_read(self):
        with self.write_bytes(b"{}").open("r+b") as file:
            file.truncate(5_000_000_000)
        assert self.problems()[0] == (
            "catalog.json: it has 5,000,000,000 bytes; at most 67,108,864 are read. Put its rows "
            "into several files."
        )

    def test_names_of_files_do_nothing_to_a_terminal(self):
        self.write("red\x1b[31m\nname\udcff.json", people=7)
        assert self.problems() == [
            "red�[31m name�.json: people: must be a list, in square brackets."
        ]

    def test_says_when_there_is_nothing_at_the_path(self):
        nowhere = self.folder / "nowhere"
        assert self.problems(nowhere) == [f"{nowhere}: there is no such file or folder."]
        assert self.problems() == [
            f"{self.folder}: no file in this folder has a name that ends in .json."
        ]
