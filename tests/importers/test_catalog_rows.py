import json

from tests.factories import (
    make_organization,
)

from .catalogue import SMALL, LoadCatalogTestCase


class FormTests(LoadCatalogTestCase):
    """What is wrong with a file in itself, whatever the database holds."""

    def problem_of_person(self, **fields):
        return self.problem(people=[{"slug": "maggie-q", "name": "Maggie Q", **fields}])

    def test_unknown_kinds(self):
        assert self.problem(charcters=[]) == (
            "catalog.json: there is no kind “charcters”; did you mean “characters”?"
        )
        assert self.problem(cats=[]) == (
            "catalog.json: there is no kind “cats”; the kinds are: images, sources, networks, "
            "jobs, people, series, relationship_kinds, characters, organizations, portrayals, "
            "credits, announcements, watch_orders, redirects."
        )

    def test_unknown_fields(self):
        assert self.problem_of_person(biografy="") == (
            "catalog.json: person “maggie-q”: there is no field “biografy”; "
            "did you mean “biography”?"
        )
        assert self.problem(networks=[{"slug": "prime", "name": "Prime", "age": 3}]) == (
            "catalog.json: network “prime”: there is no field “age”; "
            "networks have: slug, name, url."
        )

    def test_a_field_that_only_the_database_has_is_unknown(self):
        assert "there is no field “sort_name”" in self.problem_of_person(sort_name="q")
        assert "there is no field “id”" in self.problem_of_person(id=7)

    def test_wrong_types(self):
        for field, value, why in [
            ("name", 5, "must be text, in quotation marks, not 5."),
            ("biography", ["a"], "must be text, in quotation marks, not a list."),
            ("biography", {}, "must be text, in quotation marks, not an object."),
            ("born", 1979, "must be text, in quotation marks, not 1979."),
            ("tmdb_id", "5", "must be a whole number, without quotation marks, not “5”."),
            ("tmdb_id", 5.0, "must be a whole number, without quotation marks, not 5.0."),
            ("tmdb_id", True, "must be a whole number, without quotation marks, not true."),
            ("other_names", "Q", "must be a list, in square brackets, not “Q”."),
            ("sources", {}, "must be a list, in square brackets, not an object."),
            ("links", 3, "must be a list, in square brackets."),
        ]:
            with self.subTest(field=field, value=value):
                assert self.problem_of_person(**{field: value}) == (
                    f"catalog.json: person “maggie-q”, {field}: {why}"
                )

    def test_wrong_types_inside_lists(self):
        assert self.problem_of_person(other_names=["Q", 5]) == (
            "catalog.json: person “maggie-q”, other_names[1]: "
            "must be text, in quotation marks, not 5."
        )
        assert self.problem_of_person(other_names=["Q\nR"]) == (
            "catalog.json: person “maggie-q”, other_names[0]: "
            "must be one line of text, and not blank."
        )
        assert self.problem_of_person(sources=[None]) == (
            "catalog.json: person “maggie-q”, sources[0]: "
            "must be text, in quotation marks, not null."
        )
        assert self.problem_of_person(links=["https://a.example/"]) == (
            "catalog.json: person “maggie-q”, links[0]: must be an object, in curly brackets."
        )
        assert self.problem(people="Maggie Q") == (
            "catalog.json: people: must be a list, in square brackets."
        )
        assert self.problem(people=["Maggie Q"]) == (
            "catalog.json: people[0]: must be an object, in curly brackets."
        )

    def test_yes_and_no_are_true_and_false(self):
        rows = {**SMALL, "portrayals": [{**SMALL["portrayals"][1], "announced": "yes"}]}
        assert self.problem(**rows).endswith("announced: must be true or false, not “yes”.")

    def test_a_wrong_type_in_a_key_is_told_once(self):
        for series in (["ballard"], {}, 5, None):
            with self.subTest(series=series):
                [problem] = self.problems_of_rows(
                    **{
                        **SMALL,
                        "portrayals": [
                            {"person": "maggie-q", "series": series, "episodes": ["S1E1"]}
                        ],
                    }
                )
                assert problem.startswith("catalog.json: portrayals[0] (maggie-q), series: must")

    def test_missing_keys(self):
        assert self.problem(people=[{"name": "Maggie Q"}]) == (
            "catalog.json: people[0], slug: is missing."
        )
        for empty in ("", None):
            assert self.problem(people=[{"slug": empty, "name": "Maggie Q"}]).endswith(
                "slug: is missing."
            )
        assert self.problem(series=[{"slug": "bosch", "name": "Bosch", "seasons": [{}]}]) == (
            "catalog.json: series “bosch”, seasons[0].number: is missing."
        )
        credit = {"person": "maggie-q", "job": "director"}
        assert self.problem(**{**SMALL, "credits": [credit]}) == (
            "catalog.json: credits[0] (maggie-q, director), series: is missing."
        )

    def test_missing_fields_of_new_rows(self):
        assert self.problem(people=[{"slug": "maggie-q"}]) == (
            "catalog.json: person “maggie-q”, name: is missing; a new person needs it."
        )
        assert (
            self.problem(
                people=[{"slug": "a", "name": "A", "links": [{"url": "https://a.example/"}]}]
            )
            == "catalog.json: person “a”, links[0].label: is missing; a new person link needs it."
        )

    def test_required_fields_that_are_empty(self):
        assert self.problem_of_person(name=None) == (
            "catalog.json: person “maggie-q”, name: must have a value."
        )
        assert self.problem_of_person(name="") == (
            "catalog.json: person “maggie-q”, name: This field cannot be blank."
        )

    def test_rows_that_are_told_twice(self):
        self.write("a.json", people=[{"slug": "maggie-q", "name": "Maggie Q"}])
        self.write("b.json", people=[{"slug": "maggie-q", "name": "Maggie Quigley"}])
        [problem] = self.problems()
        assert problem == (
            "b.json: person “maggie-q”: this is told before, at a.json: person “maggie-q”; "
            "keep one of the two."
        )

    def test_rows_that_one_file_tells_twice(self):
        row = {
            "slug": "maggie-q",
            "name": "Maggie Q",
            "links": [{"label": "A", "url": "https://a.example/"}],
        }
        problem = self.problem(people=[row, {"slug": "b", "name": "B"}, row, row])
        assert problem == (
            "catalog.json: person “maggie-q”: this is told before, at catalog.json: person "
            "“maggie-q”; keep one of the two."
        )

    def test_rows_without_slug_that_are_told_twice(self):
        part = {"person": "maggie-q", "series": "ballard", "kind": "self"}
        assert self.problem(**{**SMALL, "portrayals": [part, {**part, "announced": False}]}) == (
            "catalog.json: portrayals[1] (maggie-q, ballard, self): this is told before, "
            "at catalog.json: portrayals[0] (maggie-q, ballard, self); keep one of the two."
        )
        work = {"person": "maggie-q", "series": "ballard", "job": "director"}
        assert self.problem(
            **{
                **SMALL,
                "credits": [
                    {**work, "episodes": ["S1E1", "S1E2"]},
                    {**work, "episodes": ["S1E2"]},
                ],
            }
        ).startswith("catalog.json: credits[1] (maggie-q, director, ballard): this is told before")

    def test_items_that_stand_twice_in_a_list(self):
        person = {"slug": "a", "name": "A", "sources": ["x", "x"]}
        assert self.problem(people=[person]) == (
            "catalog.json: person “a”, sources[1]: “x” stands here twice."
        )

    def test_values_that_are_not_among_the_choices(self):
        assert self.problem(series=[{"slug": "bosch", "name": "Bosch", "accent": "pink"}]) == (
            "catalog.json: series “bosch”, accent: “pink” is not one of: "
            "amber, ocean, violet, crimson, teal, rose, olive, slate."
        )

    def test_dates_that_no_calendar_has(self):
        assert self.problem_of_person(born="1979-02-30") == (
            "catalog.json: person “maggie-q”, born: “1979-02-30” is not in the calendar. "
            "Write 2025, March 2025, 27 March 2025 or 2025-03-27; "
            "leave blank when it is not known."
        )
        source = {"slug": "a", "publisher": "A", "title": "A"}
        assert self.problem(sources=[{**source, "accessed": "2025-13-01"}]) == (
            "catalog.json: source “a”, accessed: “2025-13-01” cannot be read; "
            "write it like “2025-07-09”."
        )

    def test_moments_without_a_time_zone(self):
        assert self.problem_of_person(publish_at="2025-07-09T12:00") == (
            "catalog.json: person “maggie-q”, publish_at: “2025-07-09T12:00” needs its time zone, "
            "as in “2025-07-09T12:00:00Z”."
        )

    def test_moments_outside_of_every_calendar(self):
        for text in ("tomorrow", "2025-13-01T12:00:00Z", "0001-01-01T00:00:00+23:59"):
            with self.subTest(text=text):
                assert self.problem_of_person(publish_at=text) == (
                    f"catalog.json: person “maggie-q”, publish_at: “{text}” cannot be read; "
                    "write it like “2025-07-09T12:00:00Z”."
                )

    def test_characters_that_cannot_be_stored(self):
        for text in ("a\0b", "a\ud800b"):
            path = self.folder / "catalog.json"
            people = [{"slug": "maggie-q", "name": text}]
            path.write_text(json.dumps({"people": people}), encoding="utf-8")
            [problem] = self.problems(path)
            assert problem == (
                "catalog.json: person “maggie-q”, name: “a�b” "
                "holds a character that cannot be stored."
            )

    def test_long_values_are_cut_in_messages(self):
        problem = self.problem_of_person(tmdb_id="\x1b[31m" + "x" * 10_000)
        assert len(problem) < 200
        assert problem.endswith("x…”.")
        assert "\x1b" not in problem


class ReferencesTests(LoadCatalogTestCase):
    def problem_of_character(self, **fields):
        return self.problem(
            **{**SMALL, "characters": [*SMALL["characters"], {"slug": "a", "name": "A", **fields}]}
        )

    def test_rows_that_are_nowhere(self):
        assert self.problem_of_character(
            relationships=[
                {"kind": "partner", "other": "renee-ballard"},
                {"kind": "partner-of", "other": "zamira-parker"},
            ]
        ) == (
            "catalog.json: character “a”, relationships[1].kind: "
            "there is no relationship kind “partner-of”; did you mean “partner”?"
        )
        assert self.problem_of_character(inspired_by="nobody") == (
            "catalog.json: character “a”, inspired_by: there is no person “nobody”."
        )
        assert self.problem_of_character(sources=["variety-ballad"]) == (
            "catalog.json: character “a”, sources: "
            "there is no source “variety-ballad”; did you mean “variety-ballard”?"
        )

    def test_episodes_that_are_nowhere(self):
        assert self.problem_of_character(first_appearance="ballard S1E9") == (
            "catalog.json: character “a”, first_appearance: "
            "there is no episode “ballard S1E9”; did you mean “ballard S1E2”?"
        )
        assert self.problem_of_character(
            facts=[{"text": "She sings.", "revealed_in": "the-wire S12E34"}]
        ) == (
            "catalog.json: character “a”, facts[0].revealed_in: "
            "there is no episode “the-wire S12E34”."
        )

    def test_texts_that_are_no_episode(self):
        for text in ["S1E1", "ballard", "ballard 1x2", "ballard  S1E2", "S1E2 ", "ballard S١E1"]:
            with self.subTest(text=text):
                assert self.problem_of_character(first_appearance=text) == (
                    f"catalog.json: character “a”, first_appearance: “{text}” is not an episode: "
                    "write series, season and number, as in “bosch S3E10”."
                )

    def test_episodes_and_seasons_of_a_portrayal(self):
        for fields, why in [
            (
                {"episodes": ["1x2"]},
                "episodes[0]: “1x2” is not an episode: write season and number, as in “S3E10”.",
            ),
            (
                {"episodes": ["S1E9"]},
                "episodes: there is no episode “ballard S1E9”; did you mean “ballard S1E2”?",
            ),
            (
                {"first_episode": "bosch-legacy S3E10"},
                "first_episode: “bosch-legacy S3E10” is an episode of another series.",
            ),
            (
                {"seasons": [1, 4]},
                "seasons: there is no season “ballard S4”; did you mean “ballard S1”?",
            ),
            (
                {"seasons": ["1"]},
                "seasons[0]: must be a whole number, without quotation marks, not “1”.",
            ),
        ]:
            with self.subTest(fields=fields):
                part = {"person": "maggie-q", "series": "ballard", **fields}
                assert self.problem(**{**SMALL, "portrayals": [part]}) == (
                    f"catalog.json: portrayals[0] (maggie-q, ballard), {why}"
                )

    def test_a_season_of_a_watch_order_names_its_series(self):
        order = {"slug": "a", "name": "A", "steps": [{"position": 1, "season": "1"}]}
        assert self.problem(**{**SMALL, "watch_orders": [order]}) == (
            "catalog.json: watch order “a”, steps[0].season: “1” is not a season: "
            "write series and season, as in “bosch S3”."
        )

    def test_organizations_that_are_parts_of_each_other(self):
        problem = self.problem(
            organizations=[
                {"slug": "a", "name": "A", "parent": "b"},
                {"slug": "b", "name": "B", "parent": "a"},
            ]
        )
        assert problem == (
            "catalog.json: organization “a”, parent: this goes round in a circle: a > b > a."
        )

    def test_a_circle_that_closes_in_the_database(self):
        lapd = make_organization("LAPD")
        make_organization("Hollywood", parent=lapd)
        assert self.problem(organizations=[{"slug": "lapd", "parent": "hollywood"}]) == (
            "catalog.json: organization “lapd”, parent: An organization cannot be a part of itself."
        )
