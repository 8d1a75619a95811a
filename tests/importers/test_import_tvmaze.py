import io
import json
import tempfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from catalog.models import Change, Episode, Person, Portrayal, Revision, Series, Source, State

from ..factories import make_person, make_series
from . import tvmaze as made
from .test_tvmaze_fetching import Server, say, say_show


class ImportTvmazeTests(TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, answer, **options):
        return str(made.write(self.folder, name, answer, **options))

    def run_it(self, *sources, **options):
        out = io.StringIO()
        call_command("import_tvmaze", *sources, stdout=out, **options)
        return out.getvalue()

    def refuse(self, *sources, **options):
        before = Change.objects.count(), Series.objects.count()
        with pytest.raises(CommandError) as error:
            self.run_it(*sources, **options)
        assert (Change.objects.count(), Series.objects.count()) == before
        return str(error.value)

    def serve(self, answer):
        server = Server(answer)
        self.addCleanup(server.close)
        settings = override_settings(TVMAZE_API=server.address)
        settings.enable()
        self.addCleanup(settings.disable)
        return server

    def test_files_of_several_shows_in_any_order(self):
        out = self.run_it(
            self.write("e.json", [made.episode(1, of=2)]),
            self.write("one.json", made.show(1, "One"), mark=True),
            self.write("two.json", made.show(2, "Two", embed={"cast": [made.cast()]})),
        )
        assert Episode.objects.get().series.name == "Two"
        assert Change.objects.filter(kind="tvmaze").count() == 2
        lines = [line.split() for line in out.splitlines()]
        assert ["new", "updated", "unchanged", "skipped"] in lines
        assert ["people", "1", "0", "0", "0"] in lines
        assert "One (https://www.tvmaze.com/shows/1)" in out

    def test_an_id_is_fetched(self):
        server = self.serve(say_show)
        self.run_it("https://www.tvmaze.com/shows/13/the-case")
        assert Episode.objects.get().series.tvmaze_id == 13
        assert len(server.calls) == 2

    def test_a_file_may_be_called_like_an_id(self):
        path = Path(self.write("13", made.show(5, "Five")))
        assert "Five" in self.run_it(str(path))

    def test_what_is_neither_an_id_nor_a_file_is_refused_by_name(self):
        for source in ("0", "-1", "99999999999", "https://www.tvmaze.com/people/1/ada-lind"):
            with self.subTest(source=source):
                text = self.refuse("--", source)
                assert f"“{source}” is no id of TVmaze, nor a show's address there." in text
        assert "it cannot be read: File name too long." in self.refuse("a" * 5_000)

    def test_a_second_run_says_unchanged_and_a_third_what_it_updated(self):
        path = self.write("x.json", made.show(embed={"episodes": [made.episode(1)]}))
        self.run_it(path)
        assert "seasons                       0          0          1          0" in self.run_it(
            path
        )
        self.write("x.json", made.show(embed={"episodes": [made.episode(1, name="Pilot")]}))
        assert "episodes                      0          1          0          0" in self.run_it(
            path
        )

    def test_an_episode_that_has_moved_is_told(self):
        self.run_it(self.write("one.json", made.show()), self.write("e.json", [made.episode(1)]))
        out = self.run_it(self.write("e.json", [made.episode(1, number=2, of=13)]))
        assert "Unchanged, to be looked at:\n  Episode S1E2 Chapter 1: It is S1E1 here" in out

    def test_a_dry_run_says_the_same_and_writes_nothing(self):
        path = self.write("x.json", made.show(embed={"cast": [made.cast()]}))
        before = Revision.objects.current()
        with self.captureOnCommitCallbacks(execute=True):
            tried = self.run_it(path, dry_run=True)
        assert not any(model.objects.exists() for model in (Series, Person, Source, Change))
        assert Revision.objects.current() == before
        assert tried == f"{self.run_it(path)}This was a dry run: nothing was changed.\n"

    def test_who_is_skipped_is_told_with_the_reason(self):
        ada = make_person("Ada Lind", state=State.DRAFT)
        path = self.write("x.json", made.show(embed={"cast": [made.cast()]}))
        out = self.run_it(path)
        assert "Skipped:\n  Person Ada Lind: There is a person of this name already" in out
        assert "Who is meant can be said in the admin" in out
        assert "Who is meant" not in self.run_it(path, same_names=True)
        assert Portrayal.objects.get().person == ada

    def test_published_rows_need_a_word(self):
        series = make_series("The Case", tvmaze_id=13)
        path = self.write("x.json", made.show(embed={"episodes": [made.episode(1)]}))
        out = self.run_it(path)
        assert "Season Season 1: Visitors would see it at once." in out
        assert "Series The Case: Premiered" in out
        assert not series.seasons.exists()
        self.run_it(path, shown=True)
        series.refresh_from_db()
        assert (series.seasons.count(), str(series.premiered)) == (1, "7 October 2014")

    def test_anything_broken_is_refused_before_anything_is_written(self):
        good = self.write("good.json", made.show())
        for name, answer in [
            ("none.json", "<html>"),
            ("404.json", {"name": "Not Found", "message": "", "code": 0, "status": 404}),
            ("script.json", made.show(14, summary="<script>alert(1)</script>")),
            ("deep.json", "[" * 100_000),
            ("type.json", made.show(14, embed={"episodes": [made.episode(5, airdate=5)]})),
        ]:
            with self.subTest(name=name):
                text = self.refuse(good, self.write(name, answer))
                assert text.startswith("Nothing was changed, because of one problem:\n")
                assert name in text
        assert "no.json: it cannot be read" in self.refuse(str(self.folder / "no.json"))
        assert "Nothing was changed: the files tell of no show." in self.refuse(
            self.write("empty.json", [])
        )

    def test_parts_of_a_show_that_is_not_named(self):
        one, two = (self.write(f"{key}.json", made.show(key, f"No {key}")) for key in (1, 2))
        cast = self.write("cast.json", [made.cast()])
        assert "or give the id of its show (the command: --show ID)" in self.refuse(one, two, cast)
        self.run_it(one, two, cast, show=2)
        assert Portrayal.objects.get().series.tvmaze_id == 2

    def test_without_a_network_it_says_what_to_do(self):
        server = self.serve(say_show)
        server.close()
        text = self.refuse("13")
        assert "TVmaze cannot be reached" in text
        assert "save its answers as files" in text

    def test_an_id_that_there_is_not(self):
        self.serve(lambda handler, number: say(handler, json.dumps({}).encode(), 404))
        assert "TVmaze has no show with the id 999." in self.refuse("999")
