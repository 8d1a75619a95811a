"""Old addresses lead where they did, whatever is taken back, and in whatever order."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import TestCase

from catalog.history import recording
from catalog.history.undoing import undo
from catalog.models import Change, Person, Redirect

from ..factories import make_person


class AddressesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = get_user_model().objects.create_superuser("anna")
        cls.titus, cls.jamie = make_person("Titus", slug="a"), make_person("Jamie", slug="b")

    def rename(self, person, slug):
        person = Person.objects.get(pk=person.pk)
        with recording(self.editor) as record:
            record.remember([person])
            person.slug = slug
            person.save()
        return record.change

    def delete(self, person):
        with recording(self.editor, kind=Change.Kind.DELETE) as record:
            record.delete([person])
        return record.change

    def add_at(self, slug):
        with recording(self.editor) as record:
            person = make_person("New", slug=slug)
        return person, record.change

    def undo(self, change):
        """What was left alone; the change that it was is the last one then."""
        return undo(change, self.editor)

    def last(self):
        return Change.objects.told().first()

    def leads(self):
        return {row.old_slug: row.target.name for row in Redirect.objects.all()}

    def test_one_that_gave_way_to_a_renamed_entry_leads_there_again(self):
        self.rename(self.titus, "a2")
        taking = self.rename(self.jamie, "a")
        assert self.leads() == {"b": "Jamie"}
        assert self.undo(taking) == []
        assert self.leads() == {"a": "Titus"}
        self.undo(self.last())
        assert self.leads() == {"b": "Jamie"}
        assert Person.objects.get(slug="a") == self.jamie

    def test_one_that_gave_way_to_a_new_entry_leads_there_again(self):
        self.rename(self.titus, "a2")
        _, adding = self.add_at("a")
        for _ in range(2):
            self.undo(adding)
            assert self.leads() == {"a": "Titus"}
            self.undo(self.last())
            assert self.leads() == {}
            assert Person.objects.get(slug="a").name == "New"
            adding = self.last()

    def test_one_that_was_loaded_without_a_history_does_too(self):
        Redirect.objects.create(old_slug="old", person=self.titus)
        self.undo(self.rename(self.jamie, "old"))
        assert self.leads() == {"old": "Titus"}

    def test_that_of_an_entry_that_was_renamed_again_stays(self):
        first = self.rename(self.titus, "x")
        second = self.rename(self.titus, "y")
        with self.assertRaisesMessage(ValidationError, "nothing left of this change"):
            self.undo(first)
        assert self.leads() == {"a": "Titus", "x": "Titus"}
        self.undo(second)
        assert self.leads() == {"a": "Titus", "y": "Titus"}

    def test_one_at_which_another_entry_was_since_leads_to_that(self):
        self.rename(self.titus, "a2")
        taking = self.rename(self.jamie, "a")
        self.rename(self.jamie, "c")
        with self.assertRaisesMessage(ValidationError, "nothing left of this change"):
            self.undo(taking)
        assert self.leads() == {"a": "Jamie", "b": "Jamie"}

    def test_there_and_back_is_taken_back_and_done_again(self):
        self.rename(self.titus, "x")
        self.undo(self.rename(self.titus, "a"))
        assert self.leads() == {"a": "Titus"}
        self.undo(self.last())
        assert self.leads() == {"x": "Titus"}

    def test_what_was_deleted_is_recovered_without_those_that_are_used_again(self):
        self.rename(self.titus, "x")
        self.rename(self.titus, "y")
        deleting = self.delete(self.titus)
        self.add_at("x")
        assert self.undo(deleting) == ["x: “New” answers at this address now"]
        assert self.leads() == {"a": "Titus"}

    def test_one_made_by_hand_is_taken_back(self):
        with recording(self.editor) as record:
            Redirect.objects.create(old_slug="old", person=self.titus)
        self.undo(record.change)
        assert self.leads() == {}
        self.undo(self.last())
        assert self.leads() == {"old": "Titus"}
