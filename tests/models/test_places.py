"""An episode that keeps something from those who have not seen it is not simply deleted."""

import pytest
from django.db.models import RestrictedError
from django.test import TestCase

from catalog.audience import Audience
from catalog.models import Character, Episode, Portrayal, Season, Series, SeriesLink
from catalog.progress import Progress
from tests.factories import (
    make_character,
    make_episode,
    make_portrayal,
    make_season,
    make_series,
    make_series_link,
)


class PlacesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.series = make_series("Bosch")
        cls.one, cls.two = make_season(cls.series, 1), make_season(cls.series, 2)
        cls.pilot = make_episode(cls.one, 1)
        cls.early, cls.late = make_episode(cls.two, 1), make_episode(cls.two, 2)

    def part(self, *args, **fields):
        return make_portrayal(None, None, self.series, *args, kind="guest", **fields)

    def met_at(self, progress):
        audience = Audience(progress=Progress.parse(progress))
        return set(Portrayal.objects.visible_to(audience))

    def assert_kept(self, rows, by, met="bosch.1.1"):
        """``by`` stands in the way of deleting ``rows``, one by one and together."""
        for delete in (rows.delete, rows.get().delete):
            with pytest.raises(RestrictedError) as refused:
                delete()
            assert refused.value.restricted_objects == {by}
        if isinstance(by, Portrayal):
            assert by not in self.met_at(met)

    def test_the_first_and_the_last_episode_of_a_part_stay(self):
        part = self.part(first_episode=self.late)
        self.assert_kept(Episode.objects.filter(pk=self.late.pk), by=part)
        self.assert_kept(Season.objects.filter(pk=self.two.pk), by=part)
        part.first_episode, part.last_episode = self.pilot, self.late
        part.save()
        assert self.met_at("bosch.1.1") == {part}
        with pytest.raises(RestrictedError):
            self.late.delete()

    def test_the_only_listed_episode_of_a_part_stays(self):
        part = self.part(episodes=[self.late])
        self.assert_kept(Episode.objects.filter(pk=self.late.pk), by=part)
        self.assert_kept(Season.objects.filter(pk=self.two.pk), by=part)

    def test_so_it_does_where_its_season_is_listed_too(self):
        part = self.part([self.two], episodes=[self.late])
        self.assert_kept(Episode.objects.filter(pk=self.late.pk), by=part, met="bosch.2.1")

    def test_all_listed_episodes_do_not_go_together(self):
        part = self.part(episodes=[self.early, self.late])
        self.early.delete()
        assert self.met_at("bosch.1.1") == set()
        make_episode(self.two, 3).portrayals.add(part)
        rows = Episode.objects.filter(season=self.two)
        with pytest.raises(RestrictedError):
            rows.delete()
        assert rows.count() == 2

    def test_the_only_listed_season_of_a_part_stays(self):
        part = self.part([self.two])
        self.assert_kept(Season.objects.filter(pk=self.two.pk), by=part)

    def test_a_season_goes_whose_parts_have_another_place(self):
        part = self.part([self.one, self.two], episodes=[self.pilot, self.late])
        other = self.part([self.two], first_episode=self.pilot)
        self.two.delete()
        assert self.met_at("none") == set()
        assert self.met_at("bosch.1.1") == {part, other}

    def test_an_episode_of_a_part_with_a_first_one_goes(self):
        part = self.part(first_episode=self.early, episodes=[self.late])
        self.late.delete()
        assert self.met_at("bosch.1.1") == set()
        assert self.met_at("bosch.2.1") == {part}

    def test_a_first_appearance_stays(self):
        character = make_character(first_appearance=self.late)
        self.assert_kept(Episode.objects.filter(pk=self.late.pk), by=character)
        self.assert_kept(Season.objects.filter(pk=self.two.pk), by=character)

    def test_the_episode_of_a_link_stays(self):
        link = make_series_link(make_series(), make_series(), episode=self.late)
        self.assert_kept(Episode.objects.filter(pk=self.late.pk), by=link)

    def test_a_part_goes_with_its_person_whatever_its_places(self):
        part = self.part([self.two], episodes=[self.late], first_episode=self.early)
        part.person.delete()
        assert not Portrayal.objects.exists()
        self.two.delete()

    def test_a_whole_series_goes_with_all_that_names_its_episodes(self):
        self.part([self.two], episodes=[self.late])
        self.part(first_episode=self.late, last_episode=self.late)
        character = make_character(first_appearance=self.late)
        link = make_series_link(make_series(), make_series(), episode=self.late)
        elsewhere = make_character(first_appearance=make_episode())
        make_series_link(self.series, make_series(), episode=self.early)
        self.series.delete()
        assert not Series.objects.filter(name="Bosch").exists()
        assert not Portrayal.objects.exists()
        assert Character.objects.get(pk=character.pk).first_appearance is None
        assert Character.objects.get(pk=elsewhere.pk).first_appearance is not None
        assert SeriesLink.objects.get().pk == link.pk
        assert SeriesLink.objects.get().episode is None
