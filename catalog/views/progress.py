"""“I'm up to …”: how far a visitor has watched, chosen on one page and kept in one cookie."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseForbidden, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from ..models import Episode, Redirect, Season, Series
from ..progress import COOKIE, END, START, Place, Progress, keep, parse_item
from .base import PAGE_NUMBER

_SERIES_ON_A_PAGE = 12
# As many as the page shows, and some more for whoever writes their own form.
_MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Offered:
    """A season, and its episodes that may be the last one seen: (what the form sends, in words)."""

    season: Season
    episodes: list


@dataclass(frozen=True)
class Choice:
    """A series with what may be chosen of it, by season, the specials last; and the place told."""

    series: Series
    seasons: list
    place: Place

    @property
    def item(self) -> str:
        """The place as the form sends it."""
        return f"{self.series.slug}.{self.place}"

    @property
    def start(self) -> str:
        return f"{self.series.slug}.{START}"

    @property
    def end(self) -> str:
        return f"{self.series.slug}.{END}"

    @property
    def is_elsewhere(self) -> bool:
        """Whether the place told is none that can be chosen, since its episode went away."""
        offered = (item for season in self.seasons for item, _ in season.episodes)
        return self.item not in {self.start, self.end, *offered}


def choices_of(audience, series, told):
    """A ``Choice`` of each of ``series``, visible rows.

    Two statements. The episodes are thousands, so they are read as what is told of them alone.
    """
    keys = [each.pk for each in series]
    of_season = {}
    rows = Episode.objects.visible_to(audience).for_progress(keys)
    for pk, season, number, name, is_placed in rows:
        is_ahead = not audience.folds and pk not in audience.seen.episodes
        title = Episode.title_of(number, name, is_ahead=is_ahead)
        of_season.setdefault(season, []).append((number, title, is_placed))
    of_series = {}
    for season in Season.objects.visible_to(audience).for_progress(keys):
        if season.pk in of_season:
            of_series.setdefault(season.series_id, []).append(season)
    choices = []
    for each in series:
        seasons = of_series.get(each.pk, [])
        offered = [_offered(each, season, of_season[season.pk]) for season in seasons]
        choices.append(Choice(each, offered, told.at(each.slug)))
    return choices


def _offered(series, season, episodes):
    item, words = f"{series.slug}.{season.number}", f"S{season.number}E"
    return Offered(
        season,
        [
            (f"{item}.{number}", f"{words}{number} {title}")
            for number, title, is_placed in episodes
            if is_placed
        ],
    )


# Without a token, since a page with one would be another for each visitor. What a stranger's page
# sends is refused by where it comes from.
@method_decorator(csrf_exempt, name="dispatch")
class ProgressPage(View):
    """GET shows where the visitor is; POST moves them, each ``at`` to one place, or clears all."""

    def get(self, request):
        return self._page(request.audience.told or Progress())

    def post(self, request):
        if _is_from_elsewhere(request):
            return HttpResponseForbidden(render_to_string("403_csrf.html"))
        if "clear" in request.POST:
            response = HttpResponseRedirect(self._next())
            response.delete_cookie(COOKIE, samesite="Lax")
        else:
            told = request.audience.told or Progress()
            try:
                told = self._moved(told, request.POST.getlist("at"))
            except ValidationError as error:
                return self._page(told, error.messages, status=400)
            response = HttpResponseRedirect(self._next())
            keep(response, told, is_secure=request.is_secure())
        add_never_cache_headers(response)
        return response

    def _moved(self, told, items):
        """``told`` with the places that a form sent; raises ValidationError for what is none."""
        if not items:
            raise ValidationError("Choose how far you are.")
        if len(items) > _MOST_AT_ONCE:
            raise ValidationError(f"Tell of {_MOST_AT_ONCE} series at a time.")
        try:
            places = dict(map(parse_item, items))
        except ValueError as error:
            raise ValidationError(str(error)) from None
        # The form may have been open while a series was renamed.
        new = Redirect.objects.renamed(Series, places)
        places = {new.get(slug, slug): place for slug, place in places.items()}
        audience = self.request.audience
        names = dict(
            Series.objects.visible_to(audience).filter(slug__in=places).values_list("slug", "name")
        )
        episodes = Episode.objects.visible_to(audience).at_any(places.items())
        for slug, place in places.items():
            if slug not in names:
                raise ValidationError(f"There is no series “{slug:.60}”.")
            # A place that was told already stays, though its episode went away since.
            is_episode = not (place.is_start or place.is_end or place == told.at(slug))
            if is_episode and (slug, place.season, place.number) not in episodes:
                raise ValidationError(f"There is no {place.label} of {names[slug]}.")
        moved = told.moved(places)
        try:
            return Progress.parse(str(moved))
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def _page(self, told, errors=(), status=200):
        asked = self.request.GET.get("page", "1")
        series = Series.objects.visible_to(self.request.audience)
        paginator = Paginator(series.in_release_order(), _SERIES_ON_A_PAGE)
        if not PAGE_NUMBER.fullmatch(asked) or int(asked) > paginator.num_pages:
            raise Http404(f"There is no page {asked!r:.20} of the series.")
        page = paginator.page(asked)
        context = {
            "choices": choices_of(self.request.audience, list(page), told),
            "errors": errors,
            "page_obj": page,
            "paginator": paginator,
            "next": self._next(),
        }
        return render(self.request, "catalog/progress.html", context, status=status)

    def _next(self):
        """The page that the visitor came from, if it is one of this site."""
        asked = self.request.POST.get("next") or self.request.GET.get("next") or ""
        is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(
            asked, allowed_hosts=None, require_https=self.request.is_secure()
        )
        return asked if is_ours else reverse("catalog:progress")


def _is_from_elsewhere(request):
    """Whether another site's page sent this; browsers tell, other programs need not."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != request.get_host()
    except ValueError:
        return True
