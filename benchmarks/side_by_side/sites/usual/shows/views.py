from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView

from .models import Episode, Person, Portrayal, Series


class SeriesList(ListView):
    queryset = Series.objects.select_related("network")


class SeriesDetail(DetailView):
    queryset = Series.objects.select_related("network").prefetch_related(
        "episodes", Prefetch("portrayals", Portrayal.objects.select_related("person"))
    )


class EpisodeDetail(DetailView):
    queryset = Episode.objects.select_related("series")

    def get_object(self, queryset=None):
        slug, season, number = (self.kwargs[name] for name in ("slug", "season", "number"))
        return get_object_or_404(
            self.get_queryset(), series__slug=slug, season=season, number=number
        )


class PersonList(ListView):
    model = Person


class PersonDetail(DetailView):
    queryset = Person.objects.prefetch_related(
        Prefetch("portrayals", Portrayal.objects.select_related("series"))
    )
