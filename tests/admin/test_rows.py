"""Rows on the page of what they belong to, edited by several people at once."""

from catalog.admin.rows import GONE
from catalog.models import Character, CharacterFact, Credit, Episode, Portrayal, Relationship

from ..factories import (
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
)
from .client import AdminTestCase, add_row, read_form


class DeletedMeanwhileTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.character = make_character("Harry Bosch")
        self.facts = [make_fact(self.character, f"Fact {number}.") for number in range(3)]
        self.path = f"/admin/catalog/character/{self.character.pk}/change/"
        self.data = self.form_at(self.path)

    def texts(self):
        return list(self.character.facts.order_by("pk").values_list("text", flat=True))

    def test_an_untouched_row_is_passed_over(self):
        self.facts[0].delete()
        self.save(self.path, self.data | {"facts-2-text": "He retires."})
        assert self.texts() == ["Fact 1.", "He retires."]

    def test_a_touched_row_comes_back_with_what_was_typed(self):
        self.facts[0].delete()
        data = self.data | {"facts-0-text": "He is born.", "facts-2-text": "He retires."}
        errors, response = self.refuse(self.path, data)
        assert errors == f"* {GONE}"
        self.assertContains(response, GONE)
        again = read_form(response.content.decode())
        assert [again[f"facts-{number}-text"] for number in range(3)] == [
            "He is born.",
            "Fact 1.",
            "He retires.",
        ]
        assert self.texts() == ["Fact 1.", "Fact 2."]
        # The row can be let go of, and the text kept in a new one.
        self.assertContains(response, 'name="facts-0-DELETE"')
        add_row(again, "facts", text="He is born.")
        self.save(self.path, again | {"facts-0-DELETE": "on"})
        assert self.texts() == ["Fact 1.", "He retires.", "He is born."]

    def test_a_row_deleted_by_both_is_gone(self):
        self.facts[0].delete()
        self.save(self.path, self.data | {"facts-0-DELETE": "on"})
        assert self.texts() == ["Fact 1.", "Fact 2."]

    def test_rows_keep_their_places_when_the_page_is_refused_for_something_else(self):
        self.facts[0].delete()
        _, response = self.refuse(self.path, self.data | {"name": "", "facts-2-text": "Typed."})
        [rows] = [
            formset
            for formset in response.context["inline_admin_formsets"]
            if formset.opts.model is CharacterFact
        ]
        shown = [(row.form["text"].value(), row.original.pk) for row in rows if row.original]
        assert [text for text, _ in shown] == ["Fact 0.", "Fact 1.", "Typed."]
        assert [pk for _, pk in shown][1:] == [self.facts[1].pk, self.facts[2].pk]

    def test_rows_that_name_others_come_back_too(self):
        person, series = make_person(), make_series()
        portrayal = make_portrayal(person, self.character, series)
        other = make_character()
        relationship = make_relationship(self.character, other, make_relationship_kind())
        data = self.form_at(self.path)
        Portrayal.objects.filter(pk=portrayal.pk).delete()
        Relationship.objects.filter(pk=relationship.pk).delete()
        data |= {"portrayals-0-billing": "7", "relationships-0-note": "Since season 2."}
        errors, response = self.refuse(self.path, data)
        assert errors == f"* {GONE}\n* {GONE}"
        self.assertContains(response, 'value="Since season 2."')

    def test_what_another_changed_in_an_untouched_row_stays(self):
        self.character.facts.filter(pk=self.facts[0].pk).update(text="Changed elsewhere.")
        self.save(self.path, self.data | {"facts-2-text": "He retires."})
        assert self.texts() == ["Changed elsewhere.", "Fact 1.", "He retires."]

    def test_what_another_changed_in_another_box_of_the_row_stays(self):
        episode = make_episode()
        self.character.facts.filter(pk=self.facts[0].pk).update(revealed_in=episode)
        self.save(self.path, self.data | {"facts-0-text": "He retires."})
        fact = self.character.facts.get(pk=self.facts[0].pk)
        assert (fact.text, fact.revealed_in) == ("He retires.", episode)


class NumbersTests(AdminTestCase):
    TAKEN = "This series already has a season of this number."

    def setUp(self):
        super().setUp()
        self.series = make_series("Bosch")
        self.seasons = [make_season(self.series, number=number) for number in (1, 2, 3)]
        self.path = f"/admin/catalog/series/{self.series.pk}/change/"

    def post(self, *numbers, deleted=(), added=()):
        data = self.form_at(self.path)
        data |= {f"seasons-{row}-number": str(number) for row, number in enumerate(numbers)}
        data |= {f"seasons-{row}-DELETE": "on" for row in deleted}
        for number in added:
            add_row(data, "seasons", number=str(number))
        return data

    def numbers(self):
        found = dict(self.series.seasons.values_list("pk", "number"))
        return [found.get(season.pk) for season in self.seasons]

    def test_seasons_change_places(self):
        self.save(self.path, self.post(2, 1, 3))
        assert self.numbers() == [2, 1, 3]

    def test_seasons_move_up_by_one(self):
        self.save(self.path, self.post(1, 3, 4, added=[2]))
        assert self.numbers() == [1, 3, 4]
        assert self.series.seasons.filter(number=2).exists()

    def test_a_new_season_takes_the_number_of_a_deleted_one(self):
        self.save(self.path, self.post(1, 2, 3, deleted=[2], added=[3]))
        assert self.numbers() == [1, 2, None]
        assert self.series.seasons.filter(number=3).exists()

    def test_an_old_season_takes_the_number_of_a_deleted_one(self):
        self.save(self.path, self.post(3, 2, 3, deleted=[2]))
        assert self.numbers() == [3, 2, None]

    def test_the_history_tells_of_all_of_it(self):
        self.save(self.path, self.post(2, 1, 3, deleted=[2], added=[3]))
        response = self.client.get(self.path.replace("change", "history"))
        for word in ("<dt>Number</dt>", "<del>1</del> → <ins>2</ins>"):
            self.assertContains(response, word)
        text = " ".join(response.content.decode().split())
        assert "Deleted season <strong>Bosch, season 3</strong>" in text
        assert "Added season <strong>Bosch, season 3</strong>" in text

    def test_a_number_given_twice_is_refused_at_its_box_in_our_own_words(self):
        for data in (
            self.post(1, 1, 3),
            self.post(7, 7, 3),
            self.post(1, 2, 3, added=[3]),
            self.post(1, 2, 3, added=[4, 4]),
        ):
            errors, response = self.refuse(self.path, data)
            assert errors == f"* {self.TAKEN}"
            [row] = [row for row in response.context["errors"].data if row]
            self.assertNotContains(response, "duplicate ")
            self.assertContains(response, self.TAKEN)
            assert str(row.as_text()) == f"* {self.TAKEN}"
        assert self.numbers() == [1, 2, 3]

    def test_a_number_taken_by_somebody_in_the_meantime_is_refused(self):
        data = self.post(1, 2, 4)
        make_season(self.series, number=4)
        errors, _ = self.refuse(self.path, data)
        assert errors == f"* {self.TAKEN}"

    def test_a_deletion_counts_even_while_another_row_is_wrong(self):
        data = self.post(1, 2, 3, deleted=[2], added=[3]) | {"seasons-0-premiered": "soon"}
        errors, _ = self.refuse(self.path, data)
        assert self.TAKEN not in errors

    def test_a_number_has_limits(self):
        self.refuse(self.path, self.post(1, 2, "99999999"))
        self.refuse(self.path, self.post(1, 2, "-1"))

    def test_episodes_change_places(self):
        episodes = [make_episode(self.seasons[0], number=number) for number in (1, 2)]
        path = f"/admin/catalog/season/{self.seasons[0].pk}/change/"
        data = self.form_at(path) | {"episodes-0-number": "2", "episodes-1-number": "1"}
        self.save(path, data)
        found = Episode.objects.in_bulk()
        assert [found[episode.pk].number for episode in episodes] == [2, 1]

    def test_what_others_depend_on_is_not_deleted_here(self):
        fact = make_fact(revealed_in=make_episode(self.seasons[0]))
        _, response = self.refuse(self.path, self.post(1, 2, 3, deleted=[0]))
        self.assertContains(response, "would require deleting the following protected")
        assert self.numbers() == [1, 2, 3]
        assert fact.revealed_in.season == self.seasons[0]

    def test_rows_of_a_new_series_are_compared_too(self):
        path = "/admin/catalog/series/add/"
        data = self.form_at(path) | {"name": "Ballard"}
        for _ in range(2):
            add_row(data, "seasons", number="1")
        errors, _ = self.refuse(path, data)
        assert errors == f"* {self.TAKEN}"


class ReplacedRowsTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.series = make_series("Bosch")
        self.season = make_season(self.series)
        self.people = [make_person(), make_person()]
        self.job = make_job()
        self.credits = [
            make_credit(person, self.series, self.job, season=self.season) for person in self.people
        ]
        self.path = f"/admin/catalog/series/{self.series.pk}/change/"
        self.data = self.form_at(self.path)
        self.row = {
            self.data[f"credits-{number}-person"]: f"credits-{number}" for number in range(2)
        }

    def at(self, number):
        return self.row[str(self.people[number].pk)]

    def test_a_new_row_takes_the_place_of_a_deleted_one(self):
        data = self.data | {f"{self.at(0)}-DELETE": "on"}
        add_row(
            data,
            "credits",
            person=self.people[0].pk,
            job=self.job.pk,
            season=self.season.pk,
            note="Again.",
        )
        self.save(self.path, data)
        assert Credit.objects.get(person=self.people[0]).note == "Again."

    def test_the_one_row_takes_the_place_of_the_other(self, going=0, staying=1):
        person = self.people[going]
        data = self.data | {f"{self.at(going)}-DELETE": "on"}
        self.save(self.path, data | {f"{self.at(staying)}-person": str(person.pk)})
        assert Credit.objects.get().person == person

    def test_the_other_row_takes_the_place_of_the_one(self):
        self.test_the_one_row_takes_the_place_of_the_other(going=1, staying=0)

    def test_rows_without_numbers_that_change_places_are_refused_kindly(self):
        data = self.data | {
            f"{self.at(0)}-person": str(self.people[1].pk),
            f"{self.at(1)}-person": str(self.people[0].pk),
        }
        errors, _ = self.refuse(self.path, data)
        assert "This person already has this credit." in errors

    def test_season_and_episode_get_one_message(self):
        episode = make_episode(self.season)
        for path, prefix in ((self.path, f"{self.at(0)}-"), (self.credit_path(), "")):
            data = self.form_at(path) | {f"{prefix}episode": episode.pk}
            errors, _ = self.refuse(path, data)
            assert errors == "* Give the season or the episode, not both."

    def credit_path(self):
        return f"/admin/catalog/credit/{self.credits[0].pk}/change/"


class RelationshipsBothWaysTests(AdminTestCase):
    REFUSED = "This is already stated above, from this side."

    def setUp(self):
        super().setUp()
        self.character, self.other = make_character(), make_character()
        self.ally = make_relationship_kind("ally of")
        self.daughter = make_relationship_kind("daughter of", "parent of")
        self.path = f"/admin/catalog/character/{self.character.pk}/change/"

    def stated_twice(self, path, kind):
        data = self.form_at(path)
        add_row(data, "relationships", other=self.other.pk, kind=kind.pk)
        return add_row(data, "relationships_back", character=self.other.pk, kind=kind.pk)

    def test_a_symmetric_one_is_refused_the_second_time(self):
        for path in (self.path, "/admin/catalog/character/add/"):
            data = self.stated_twice(path, self.ally) | {"name": "Harry Bosch"}
            errors, _ = self.refuse(path, data)
            assert errors == f"* {self.REFUSED}"
        assert not Relationship.objects.exists()

    def test_one_that_differs_in_each_direction_is_not(self):
        self.save(self.path, self.stated_twice(self.path, self.daughter))
        assert Relationship.objects.count() == 2

    def test_one_that_is_deleted_on_the_same_page_does_not_count(self):
        data = self.stated_twice(self.path, self.ally) | {"relationships-0-DELETE": "on"}
        self.save(self.path, data)
        assert Relationship.objects.get().character == self.other


class TitlesTests(AdminTestCase):
    def test_rows_are_called_what_they_are_on_that_page(self):
        for model_name, titles in {
            "series": ["Seasons", "Cast", "Crew", "Links to other series"],
            "person": ["Parts", "Credits", "Links"],
            "character": ["Cast", "Facts", "Relationships", "Memberships"],
            "watchorder": ["Steps"],
        }.items():
            html = self.client.get(f"/admin/catalog/{model_name}/add/").content.decode()
            for title in titles:
                with self.subTest(model=model_name, title=title):
                    assert f">\n  \n    {title}\n  \n  </h2>" in html

    def test_the_first_box_of_a_new_page_has_the_focus(self):
        for model_name, name in (
            ("series", "name"),
            ("season", "series"),
            ("image", "file"),
            ("redirect", "old_slug"),
        ):
            html = self.client.get(f"/admin/catalog/{model_name}/add/").content.decode()
            with self.subTest(model=model_name):
                assert html.count(" autofocus") == 1
                assert "admin/js/change_form.js" not in html  # it would move the focus to Save
                before, after = html.split(" autofocus")
                assert f'name="{name}"' in before.rpartition("<")[2] + after.partition(">")[0]
        page = self.client.get(f"/admin/catalog/character/{make_character().pk}/change/")
        self.assertNotContains(page, " autofocus")
        assert Character.objects.count() == 1
