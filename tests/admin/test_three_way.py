"""Two editors at the same page at the same time."""

from django.contrib.auth import get_user_model
from django.test import Client

from catalog.models import CharacterFact, Episode, Person, Portrayal, Series

from ..factories import (
    make_character,
    make_episode,
    make_fact,
    make_network,
    make_person,
    make_portrayal,
    make_season,
    make_series,
    make_source,
)
from .client import AdminTestCase, add_row, read_form

CHOICE = "Which value should stand?"


class TwoEditorsTestCase(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.anna = get_user_model().objects.create_superuser("anna")

    def setUp(self):
        super().setUp()
        self.other = Client()
        self.other.force_login(self.anna)

    def anna_saves(self, path, **fields):
        """Anna opens the page, changes ``fields`` and saves."""
        data = read_form(self.other.get(path).content.decode())
        response = self.other.post(path, data | fields)
        assert response.status_code == 302, response.content.decode()


class EntryTests(TwoEditorsTestCase):
    def setUp(self):
        super().setUp()
        self.person = make_person("Titus Welliver", birth_place="New Haven")
        self.path = f"/admin/catalog/person/{self.person.pk}/change/"
        self.data = self.form_at(self.path)

    def stored(self):
        return Person.objects.get(pk=self.person.pk)

    def conflict(self, **fields):
        """Both change the same box; gives the form that comes back."""
        _, response = self.refuse(self.path, self.data | fields)
        self.assertContains(response, CHOICE)
        return response, read_form(response.content.decode())

    def test_different_boxes_are_both_saved(self):
        self.anna_saves(self.path, born="1962-03-12")
        self.save(self.path, self.data | {"birth_place": "Connecticut"})
        person = self.stored()
        assert (str(person.born), person.birth_place) == ("12 March 1962", "Connecticut")

    def test_who_saves_last_is_told_that_others_were_there(self):
        self.anna_saves(self.path, born="1962")
        response = self.client.post(
            self.path, self.data | {"birth_place": "Connecticut"}, follow=True
        )
        self.assertContains(response, "Others have changed other parts of this page")

    def test_nobody_is_told_of_others_who_were_not_there(self):
        response = self.client.post(
            self.path, self.data | {"birth_place": "Connecticut"}, follow=True
        )
        self.assertNotContains(response, "Others have changed")

    def test_the_same_box_comes_back_with_both_values(self):
        self.anna_saves(self.path, birth_place="Boston")
        response, again = self.conflict(birth_place="Connecticut", died="2050")
        assert self.stored().birth_place == "Boston"
        assert self.stored().died is None  # of a page that is refused nothing is saved
        assert again["birth_place"] == "Connecticut"
        assert again["died"] == "2050"
        self.assertContains(response, "Boston")
        self.assertContains(response, "changed this")
        self.assertContains(response, "while you were editing")

    def test_mine_stands_when_i_choose_it(self):
        self.anna_saves(self.path, birth_place="Boston")
        _, again = self.conflict(birth_place="Connecticut")
        self.save(self.path, again | {"birth_place-choice": "mine"})
        assert self.stored().birth_place == "Connecticut"

    def test_theirs_stands_when_i_choose_it_and_what_else_i_typed_too(self):
        self.anna_saves(self.path, birth_place="Boston")
        _, again = self.conflict(birth_place="Connecticut", died="2050")
        self.save(self.path, again | {"birth_place-choice": "theirs"})
        assert (self.stored().birth_place, str(self.stored().died)) == ("Boston", "2050")

    def test_both_may_be_written_into_one(self):
        self.anna_saves(self.path, birth_place="Boston")
        _, again = self.conflict(birth_place="Connecticut")
        self.save(
            self.path, again | {"birth_place": "Boston, Connecticut", "birth_place-choice": "mine"}
        )
        assert self.stored().birth_place == "Boston, Connecticut"

    def test_without_a_choice_it_asks_again(self):
        self.anna_saves(self.path, birth_place="Boston")
        _, again = self.conflict(birth_place="Connecticut")
        _, response = self.refuse(self.path, again)
        self.assertContains(response, CHOICE)
        assert read_form(response.content.decode())["birth_place"] == "Connecticut"
        assert self.stored().birth_place == "Boston"

    def test_a_choice_holds_for_the_value_that_was_shown_only(self):
        self.anna_saves(self.path, birth_place="Boston")
        _, again = self.conflict(birth_place="Connecticut")
        self.anna_saves(self.path, birth_place="Hartford")
        for choice in ("mine", "theirs"):
            _, response = self.refuse(self.path, again | {"birth_place-choice": choice})
            self.assertContains(response, "Hartford")
        assert self.stored().birth_place == "Hartford"

    def test_a_choice_that_is_none_is_asked_again(self):
        self.anna_saves(self.path, birth_place="Boston")
        _, again = self.conflict(birth_place="Connecticut")
        self.refuse(self.path, again | {"birth_place-choice": "whatever"})
        assert self.stored().birth_place == "Boston"

    def test_two_who_mean_the_same_do_not_disagree(self):
        self.anna_saves(self.path, birth_place="Connecticut")
        self.save(self.path, self.data | {"birth_place": "Connecticut"})

    def test_a_box_that_i_changed_back_was_not_touched(self):
        self.anna_saves(self.path, birth_place="Boston")
        self.save(self.path, self.data | {"name": "Titus B. Welliver"})
        assert self.stored().birth_place == "Boston"

    def test_every_kind_of_box_asks(self):
        values = {
            "born": ("1962", "1963", "1962"),
            "biography": ("She wrote:\r\nthis.", "I wrote.", "She wrote:<br>this."),
            "state": ("draft", "in-review", "Draft"),
            "other_names": ("Titus", "T. W.", "Titus"),
            "tmdb_id": ("17", "18", "17"),
        }
        for name, (hers, mine, words) in values.items():
            with self.subTest(name):
                data = self.form_at(self.path)
                self.anna_saves(self.path, **{name: hers})
                _, response = self.refuse(self.path, data | {name: mine})
                self.assertContains(response, f'<div class="conflict-theirs">{words}</div>')
                again = read_form(response.content.decode())
                self.save(self.path, again | {f"{name}-choice": "mine"})
                data = self.form_at(self.path)
                assert data[name] == mine

    def test_moments_in_two_boxes_ask_too(self):
        self.anna_saves(self.path, publish_at_0="2027-01-01", publish_at_1="10:00:00")
        _, again = self.conflict(publish_at_0="2027-02-02", publish_at_1="11:00:00")
        assert (again["publish_at_0"], again["publish_at_1"]) == ("2027-02-02", "11:00:00")
        self.save(self.path, again | {"publish_at-choice": "theirs"})
        assert self.stored().publish_at.month == 1

    def test_sources_of_both_are_kept(self):
        sources = [make_source() for _ in range(4)]
        self.person.sources.set(sources[:2])
        data = self.form_at(self.path)
        keys = [str(source.pk) for source in sources]
        self.anna_saves(self.path, sources=[keys[0], keys[2]])  # without 1, with 2
        self.save(self.path, data | {"sources": [keys[0], keys[1], keys[3]]})  # with 3
        assert {str(source.pk) for source in self.person.sources.all()} == {
            keys[0],
            keys[2],
            keys[3],
        }

    def test_sources_of_both_are_kept_where_there_were_none(self):
        hers, mine = make_source(), make_source()
        self.anna_saves(self.path, sources=[str(hers.pk)])
        self.save(self.path, self.data | {"sources": [str(mine.pk)]})
        assert set(self.person.sources.all()) == {hers, mine}

    def test_what_only_together_is_wrong_is_refused_and_shown_as_it_stands(self):
        series = make_series("Bosch", premiered="2014", ended="2021")
        path = f"/admin/catalog/series/{series.pk}/change/"
        data = self.form_at(path)
        self.anna_saves(path, premiered="2018")
        errors, response = self.refuse(path, data | {"ended": "2016"})
        assert "is before" in errors
        assert read_form(response.content.decode())["premiered"] == "2018"
        assert str(Series.objects.get().ended) == "2021"

    def test_what_was_chosen_and_is_gone_by_now_is_no_fault_of_mine(self):
        network = make_network()
        series = make_series("Bosch", network=network)
        path = f"/admin/catalog/series/{series.pk}/change/"
        data = self.form_at(path)
        self.anna_saves(path, network="")
        network.delete()
        self.save(path, data | {"tagline": "Everybody counts."})
        series.refresh_from_db()
        assert (series.network, series.tagline) == (None, "Everybody counts.")

    def test_a_post_that_tells_nothing_of_what_was_shown_is_saved_as_it_is(self):
        data = {name: value for name, value in self.data.items() if not name.startswith("initial-")}
        self.anna_saves(self.path, birth_place="Boston")
        self.save(self.path, data | {"birth_place": "Connecticut"})
        assert self.stored().birth_place == "Connecticut"

    def test_a_name_that_changes_shows_what_was_shown_as_hidden_text_only(self):
        response = self.client.get(self.path)
        self.assertContains(
            response,
            '<input type="hidden" name="initial-birth_place" value="New Haven" '
            'id="initial-id_birth_place">',
            html=True,
        )


class DeletedEntryTests(TwoEditorsTestCase):
    def test_what_was_typed_comes_back_as_a_new_entry(self):
        person = make_person("Titus Welliver")
        path = f"/admin/catalog/person/{person.pk}/change/"
        data = self.form_at(path) | {"biography": "Typed for an hour."}
        person.delete()
        errors, response = self.refuse(path, data)
        assert "Somebody deleted this in the meantime" in errors
        self.assertContains(response, 'action="/admin/catalog/person/add/"')
        again = read_form(response.content.decode())
        assert again["biography"] == "Typed for an hour."
        self.save("/admin/catalog/person/add/", again)
        assert Person.objects.get().biography == "Typed for an hour."

    def test_a_page_that_never_was_is_not_there(self):
        response = self.client.get("/admin/catalog/person/999/change/", follow=True)
        self.assertContains(response, "doesn’t exist")


class RowTests(TwoEditorsTestCase):
    def setUp(self):
        super().setUp()
        self.character = make_character("Harry Bosch")
        self.facts = [make_fact(self.character, f"Fact {number}.") for number in range(3)]
        self.path = f"/admin/catalog/character/{self.character.pk}/change/"
        self.data = self.form_at(self.path)

    def texts(self):
        return list(self.character.facts.order_by("pk").values_list("text", flat=True))

    def test_different_rows_are_both_saved(self):
        self.anna_saves(self.path, **{"facts-0-text": "Hers."})
        self.save(self.path, self.data | {"facts-1-text": "Mine."})
        assert self.texts() == ["Hers.", "Mine.", "Fact 2."]

    def test_rows_that_both_add_are_both_saved(self):
        self.anna_saves(self.path, **add_row(dict(self.data), "facts", text="Hers."))
        self.save(self.path, add_row(self.data, "facts", text="Mine."))
        assert self.texts()[3:] == ["Hers.", "Mine."]

    def test_different_boxes_of_a_row_are_both_saved(self):
        episode = make_episode()
        self.anna_saves(self.path, **{"facts-0-revealed_in": str(episode.pk)})
        self.save(self.path, self.data | {"facts-0-text": "Mine."})
        fact = CharacterFact.objects.get(pk=self.facts[0].pk)
        assert (fact.text, fact.revealed_in) == ("Mine.", episode)

    def test_the_same_box_of_a_row_asks(self):
        for choice, result in (("mine", "Mine."), ("theirs", "Hers.")):
            with self.subTest(choice):
                self.facts[0].text = "Fact 0."
                self.facts[0].save()
                data = self.form_at(self.path)
                self.anna_saves(self.path, **{"facts-0-text": "Hers."})
                _, response = self.refuse(self.path, data | {"facts-0-text": "Mine."})
                self.assertContains(response, "Hers.")
                again = read_form(response.content.decode())
                assert again["facts-0-text"] == "Mine."
                self.refuse(self.path, again)
                self.save(self.path, again | {"facts-0-text-choice": choice})
                assert self.texts()[0] == result

    def test_a_relation_in_a_row_asks_with_its_name(self):
        hers, mine = make_episode(name="Hers"), make_episode(name="Mine")
        self.anna_saves(self.path, **{"facts-0-revealed_in": str(hers.pk)})
        data = self.data | {"facts-0-revealed_in": str(mine.pk)}
        _, response = self.refuse(self.path, data)
        self.assertContains(response, str(hers))
        again = read_form(response.content.decode())
        assert again["facts-0-revealed_in"] == str(mine.pk)
        self.save(self.path, again | {"facts-0-revealed_in-choice": "mine"})
        assert CharacterFact.objects.get(pk=self.facts[0].pk).revealed_in == mine

    def test_a_row_that_another_changed_is_not_deleted_unseen(self):
        self.anna_saves(self.path, **{"facts-0-text": "Hers."})
        errors, response = self.refuse(self.path, self.data | {"facts-0-DELETE": "on"})
        assert "still ticked" in errors
        assert len(self.texts()) == 3
        again = read_form(response.content.decode())
        assert (again["facts-0-text"], again["facts-0-DELETE"]) == ("Hers.", "on")
        self.save(self.path, again)
        assert self.texts() == ["Fact 1.", "Fact 2."]

    def test_rows_that_are_edited_from_two_sides_are_the_same_rows(self):
        portrayal = make_portrayal(character=self.character, billing=3)
        data = self.form_at(self.path)
        person = f"/admin/catalog/person/{portrayal.person_id}/change/"
        self.anna_saves(person, **{"portrayals-0-billing": "1"})
        _, response = self.refuse(self.path, data | {"portrayals-0-billing": "2"})
        again = read_form(response.content.decode())
        self.save(self.path, again | {"portrayals-0-billing-choice": "mine"})
        assert Portrayal.objects.get().billing == 2


class ListTests(TwoEditorsTestCase):
    path = "/admin/catalog/portrayal/"

    def setUp(self):
        super().setUp()
        self.portrayals = [make_portrayal(billing=number) for number in (1, 2, 3)]
        self.data = self.form_at(self.path) | {"_save": "Save"}
        # The newest comes first.
        self.line = {row.pk: f"form-{2 - n}" for n, row in enumerate(self.portrayals)}

    def at(self, number, name):
        return f"{self.line[self.portrayals[number].pk]}-{name}"

    def anna_saves_list(self, **fields):
        data = read_form(self.other.get(self.path).content.decode())
        response = self.other.post(self.path, data | {"_save": "Save"} | fields)
        assert response.status_code == 302

    def refused(self, data):
        response = self.client.post(self.path, data)
        assert response.status_code == 200, "it was saved"
        return response, read_form(response.content.decode())

    def stored(self, number):
        return Portrayal.objects.get(pk=self.portrayals[number].pk)

    def post(self, data):
        assert self.client.post(self.path, data).status_code == 302

    def test_different_lines_and_columns_are_all_saved(self):
        self.anna_saves_list(**{self.at(0, "billing"): "7", self.at(1, "billing"): "8"})
        self.post(self.data | {self.at(0, "kind"): "guest", self.at(2, "billing"): "9"})
        assert [self.stored(n).billing for n in range(3)] == [7, 8, 9]
        assert self.stored(0).kind == "guest"

    def test_the_same_box_asks(self):
        self.anna_saves_list(**{self.at(0, "billing"): "7"})
        response, again = self.refused(self.data | {self.at(0, "billing"): "8"})
        self.assertContains(response, CHOICE)
        assert again[self.at(0, "billing")] == "8"
        assert self.stored(0).billing == 7
        self.refused(again | {"_save": "Save"})
        self.post(again | {"_save": "Save", self.at(0, "billing-choice"): "mine"})
        assert self.stored(0).billing == 8

    def test_a_box_to_tick_asks(self):
        self.portrayals[0].announced = False
        self.anna_saves_list(**{self.at(0, "announced"): "on", self.at(0, "kind"): "guest"})
        _, again = self.refused(self.data | {self.at(0, "kind"): "voice"})
        assert again[self.at(0, "announced")] == "on"  # hers, which I had not touched
        self.post(again | {"_save": "Save", self.at(0, "kind-choice"): "mine"})
        assert (self.stored(0).announced, self.stored(0).kind) == (True, "voice")

    def test_a_line_that_is_gone_comes_back_with_what_was_typed(self):
        Portrayal.objects.filter(pk=self.portrayals[1].pk).delete()
        response, again = self.refused(self.data | {self.at(1, "billing"): "8"})
        self.assertContains(response, "Somebody deleted this in the meantime")
        assert again[self.at(1, "billing")] == "8"

    def test_a_line_that_is_gone_and_was_not_touched_is_passed_over(self):
        Portrayal.objects.filter(pk=self.portrayals[1].pk).delete()
        self.post(self.data | {self.at(0, "billing"): "8"})
        assert self.stored(0).billing == 8

    def test_boxes_stand_in_their_lines_though_others_are_new(self):
        make_portrayal()
        self.anna_saves_list()
        response, _ = self.refused(self.data | {self.at(0, "billing"): "many"})
        shown = response.context["cl"].result_list
        forms = response.context["cl"].formset.forms
        assert [row.pk for row in shown] == [form.instance.pk for form in forms]

    def test_keys_that_are_none_do_no_harm(self):
        for key in ("abc", "-1", "99999999999999999999", ""):
            response = self.client.post(self.path, self.data | {"form-0-id": key})
            assert response.status_code in {200, 302}


class SeasonRowTests(TwoEditorsTestCase):
    def test_renumbered_and_named_at_the_same_time(self):
        season = make_season(make_series("Bosch"))
        first, second = (make_episode(season, number=number) for number in (1, 2))
        path = f"/admin/catalog/season/{season.pk}/change/"
        data = self.form_at(path)
        self.anna_saves(path, **{"episodes-0-number": "2", "episodes-1-number": "1"})
        self.save(path, data | {"episodes-0-name": "’Tis the Season"})
        rows = Episode.objects.in_bulk()
        assert (rows[first.pk].number, rows[first.pk].name) == (2, "’Tis the Season")
        assert rows[second.pk].number == 1
