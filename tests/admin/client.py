"""An editor at the admin: reads pages, and posts forms back as a browser would."""

from html.parser import HTMLParser

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DEFAULT_DB_ALIAS
from django.test import TestCase

from catalog import roles

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_membership,
    make_network,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
    make_series_link,
    make_source,
    make_suggestion,
    make_watch_order,
    make_watch_step,
)


def make_groups():
    """The groups that a migration makes; tests with several connections empty all tables."""
    if not Group.objects.filter(name=roles.EDITOR).exists():
        roles.grant(apps, DEFAULT_DB_ALIAS)


class AdminTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_groups()
        cls.editor = get_user_model().objects.create_superuser("editor")

    def setUp(self):
        self.client.force_login(self.editor)

    def form_at(self, path):
        """What the form at ``path`` holds: {name: value}, a list where several are chosen."""
        response = self.client.get(path)
        assert response.status_code == 200, path
        return read_form(response.content.decode())

    def save(self, path, data):
        """Post and expect the page to be left, which says that everything was saved."""
        response = self.client.post(path, data)
        if response.status_code == 200:
            self.fail(f"not saved: {errors_of(response)}")
        assert response.status_code == 302

    def refuse(self, path, data):
        """Post and expect the form again; gives its text of errors and the response."""
        response = self.client.post(path, data)
        assert response.status_code == 200, "it was saved"
        return errors_of(response), response


def errors_of(response):
    forms = [response.context["adminform"].form]
    formsets = [wrapped.formset for wrapped in response.context["inline_admin_formsets"]]
    errors = [error.as_text() for form in forms for error in form.errors.values()]
    for formset in formsets:
        errors.extend(formset.non_form_errors())
        errors.extend(error.as_text() for row in formset.errors for error in row.values())
    return "\n".join(errors)


def add_row(data, prefix, **fields):
    """Fill in one more row of the inline ``prefix``, as its "Add another" does."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    for name, value in {"id": "", **fields}.items():
        data[f"{prefix}-{number}-{name}"] = value
    return data


def read_form(html):
    reader = _FormReader()
    reader.feed(html)
    return {name: value for name, value in reader.data.items() if "__prefix__" not in name}


class _FormReader(HTMLParser):
    """Reads the fields of the page's main form, which is called so."""

    def __init__(self):
        super().__init__()
        self.data = {}
        self._in_form = False
        self._select = self._textarea = None
        self._multiple = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._in_form = (attrs.get("id") or "").endswith(("_form", "-form"))
        if not self._in_form:
            return
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in {"submit", "file"}:
            if attrs.get("type") not in {"checkbox", "radio"}:
                self._add(name, attrs.get("value", ""))
            elif "checked" in attrs:
                self._add(name, attrs.get("value", "on"))
        elif tag == "select":
            self._select, self._multiple = name, "multiple" in attrs
            self.data[name] = [] if self._multiple else ""
        elif tag == "option" and self._select and "selected" in attrs:
            if self._multiple:
                self.data[self._select].append(attrs["value"])
            else:
                self.data[self._select] = attrs["value"]
        elif tag == "textarea":
            self._textarea = name
            self.data[name] = ""

    def _add(self, name, value):
        """Of a name that comes again a list, as browsers post it."""
        if name in self.data:
            before = self.data[name]
            value = [*(before if isinstance(before, list) else [before]), value]
        self.data[name] = value

    def handle_data(self, data):
        if self._textarea:
            self.data[self._textarea] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # The line break after the opening tag is markup.
            self.data[self._textarea] = self.data[self._textarea].removeprefix("\n").strip("\r")
            self._textarea = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._in_form = False


class Franchise:
    """One of everything, and on demand more of all that hangs on it."""

    def __init__(self):
        self.series = make_series("Bosch", other_names="Harry Bosch", network=make_network())
        self.season = make_season(self.series, number=1)
        self.episode = make_episode(self.season, number=1, name="’Tis the Season")
        self.character = make_character("Harry Bosch", first_appearance=self.episode)
        self.person = make_person("Titus Welliver")
        self.organization = make_organization("Los Angeles Police Department")
        self.order = make_watch_order("By release")
        self.announcement = make_announcement("Bosch is renewed", series=[self.series])
        self._next = 2

    def grow(self, rows):
        for number in range(self._next, self._next + rows):
            self._add(number)
        self._next += rows

    def _add(self, number):
        other_series = make_series(network=make_network())
        other_season = make_season(self.series, number=number)
        other_episode = make_episode(self.season, number=number, name=f"Name {number}")
        foreign_episode = make_episode(other_season)
        make_series_link(self.series, other_series, episode=other_episode)
        make_series_link(other_series, self.series, episode=foreign_episode)

        other_character = make_character(first_appearance=other_episode)
        other_person = make_person()
        make_portrayal(
            self.person,
            other_character,
            self.series,
            revealed_in=other_episode,
            seasons=[other_season],
            episodes=[other_episode],
        )
        make_portrayal(other_person, self.character, other_series, billing=number)
        make_credit(self.person, self.series, make_job(), season=other_season)
        make_credit(other_person, other_series, make_job(), episode=foreign_episode)
        other_person.links.create(label="Web site", url=f"https://example.com/{number}")
        self.person.links.create(label="Web site", url=f"https://example.com/{number}")

        kind = make_relationship_kind("daughter of", "parent of")
        make_fact(self.character, revealed_in=other_episode)
        make_relationship(self.character, other_character, kind, revealed_in=other_episode)
        make_relationship(other_character, self.character, kind)
        other_organization = make_organization(parent=self.organization)
        make_membership(other_organization, self.character, revealed_in=other_episode)
        make_membership(self.organization, other_character)

        make_watch_step(self.order, position=3 * number, series=other_series)
        make_watch_step(self.order, position=3 * number + 1, season=other_season)
        make_watch_step(self.order, position=3 * number + 2, episode=other_episode)
        make_announcement(
            series=[other_series],
            people=[other_person],
            characters=[other_character],
            revealed_in=other_episode,
        ).sources.add(make_source())
        self.announcement.people.add(other_person)
        self.announcement.characters.add(other_character)
        for fact in (self.series, self.season, self.episode, self.character, self.person):
            fact.sources.add(make_source())
        other_person.redirects.create(old_slug=f"old-{number}")
        for row in (other_series, other_season, other_episode, other_person, other_character):
            make_suggestion(row)
