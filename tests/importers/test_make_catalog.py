from contextlib import contextmanager, redirect_stdout
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase

from catalog.models import Person, Series
from tests.factories import make_network


class Terminal(StringIO):
    def isatty(self):
        return True


@contextmanager
def answering(answer):
    """Someone sits at a terminal and types ``answer``; gives what it has shown."""
    with patch("sys.stdin", Terminal(f"{answer}\n")), redirect_stdout(StringIO()) as shown:
        yield shown


class MakeCatalogTests(TestCase):
    def make_catalog(self, **options):
        out = StringIO()
        call_command("make_catalog", stdout=out, **options)
        return out.getvalue()

    def test_writes_a_catalogue_and_says_what_is_in_it(self):
        said = self.make_catalog(people=20, seed=5)
        lines = [line.split() for line in said.splitlines()]
        assert ["people", "20"] in lines
        assert ["portrayals", "48"] in lines
        assert ["character", "facts", "2"] in lines
        assert Person.objects.count() == 20

    def test_asks_first_on_a_terminal(self):
        with answering("n"), pytest.raises(CommandError, match="Nothing was written"):
            self.make_catalog(people=20)
        assert not Person.objects.exists()
        with answering("y") as asked:
            self.make_catalog(people=20)
        assert "Write 20 made-up people and their work into " in asked.getvalue()
        assert Person.objects.exists()

    def test_does_not_ask_when_it_is_told_not_to(self):
        with answering("n") as asked:
            self.make_catalog(people=20, yes=True)
        assert asked.getvalue() == ""
        assert Person.objects.exists()

    def test_leaves_a_catalogue_alone_that_is_there_already(self):
        make_network("Prime Video")
        with pytest.raises(CommandError, match="has a catalogue already"):
            self.make_catalog(people=20, yes=True)
        assert not Person.objects.exists()

    def test_wants_people_enough_to_be_a_catalogue(self):
        with pytest.raises(CommandError, match="--people must be 10 or more"):
            self.make_catalog(people=9)
        assert not Series.objects.exists()

    def test_keeps_quiet_when_it_is_asked_to(self):
        assert self.make_catalog(people=20, verbosity=0) == ""
