from django.db.models import Count, Prefetch
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView

from .models import Character, Credit, Episode, Person, Portrayal, Season, Series

CAST = Portrayal.objects.select_related("person", "character")


class SeriesList(ListView):
    queryset = Series.objects.select_related("network")


class SeriesDetail(DetailView):
    queryset = (
        Series.objects.select_related("network")
        .annotate(episode_count=Count("seasons__episodes"))
        .prefetch_related(
            Prefetch("seasons", Season.objects.annotate(episode_count=Count("episodes"))),
            Prefetch("portrayals", CAST.prefetch_related("seasons")),
            Prefetch("credits", Credit.objects.select_related("person")),
        )
    )


class SeasonDetail(DetailView):
    queryset = Season.objects.select_related("series__network").prefetch_related(
        "episodes", Prefetch("portrayals", CAST)
    )

    def get_object(self, queryset=None):
        slug, number = (self.kwargs[name] for name in ("slug", "number"))
        return get_object_or_404(self.get_queryset(), series__slug=slug, number=number)


class EpisodeList(ListView):
    queryset = Episode.objects.select_related("season__series")
    paginate_by = 50


class EpisodeDetail(DetailView):
    queryset = Episode.objects.select_related("season__series")

    def get_object(self, queryset=None):
        slug, season, number = (self.kwargs[name] for name in ("slug", "season", "number"))
        return get_object_or_404(
            self.get_queryset(),
            season__series__slug=slug,
            season__number=season,
            number=number,
        )


class PersonList(ListView):
    model = Person
    paginate_by = 50


class ActorList(PersonList):
    queryset = Person.objects.filter(portrayals__isnull=False).distinct()


class CrewList(PersonList):
    queryset = Person.objects.filter(credits__isnull=False).distinct()


class PersonDetail(DetailView):
    queryset = Person.objects.prefetch_related(
        Prefetch("portrayals", Portrayal.objects.select_related("series", "character"))
    )


class CharacterList(ListView):
    model = Character
    paginate_by = 50


class CharacterDetail(DetailView):
    queryset = Character.objects.prefetch_related(
        Prefetch("portrayals", Portrayal.objects.select_related("series", "person"))
    )


class Search(PersonList):
    def get_queryset(self):
        return Person.objects.filter(name__icontains=self.request.GET.get("q", ""))
