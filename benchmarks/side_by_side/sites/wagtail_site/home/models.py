from django.conf import settings
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

if settings.CACHE:
    from wagtailcache.cache import WagtailCacheMixin
else:

    class WagtailCacheMixin:
        """Nothing: the site without wagtail-cache."""


class HomePage(Page):
    """The front page, and those below it that list what there is."""


class PersonPage(WagtailCacheMixin, Page):
    biography = RichTextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("biography")]

    @property
    def initials(self):
        return "".join(word[0] for word in self.title.split()[:2])


class CharacterPage(WagtailCacheMixin, Page):
    biography = RichTextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("biography")]


class SeriesPage(WagtailCacheMixin, Page):
    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        ENDED = "ended", "Ended"

    network = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    premiered = models.DateField(null=True, blank=True)
    ended = models.DateField(null=True, blank=True)
    synopsis = RichTextField(blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("network"),
        FieldPanel("status"),
        FieldPanel("premiered"),
        FieldPanel("ended"),
        FieldPanel("synopsis"),
        InlinePanel("cast", label="Cast"),
        InlinePanel("credits", label="Crew"),
    ]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        seasons = SeasonPage.objects.child_of(self).live()
        context["seasons"] = seasons
        # The episodes are the pages below a season's.
        context["episode_count"] = sum(season.numchild for season in seasons)
        context["cast"] = self.cast.select_related("person", "character")
        context["credits"] = self.credits.select_related("person")
        return context


class SeasonPage(WagtailCacheMixin, Page):
    number = models.PositiveSmallIntegerField()
    premiered = models.DateField(null=True, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("number"), FieldPanel("premiered")]
    parent_page_types = ["SeriesPage"]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        series = SeriesPage.objects.parent_of(self).get()
        context["series"] = series
        context["episodes"] = EpisodePage.objects.child_of(self).live()
        context["cast"] = series.cast.filter(
            first_season__lte=self.number, last_season__gte=self.number
        ).select_related("person", "character")
        return context


class EpisodePage(WagtailCacheMixin, Page):
    number = models.PositiveSmallIntegerField()
    aired = models.DateField(null=True, blank=True)
    synopsis = RichTextField(blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("number"),
        FieldPanel("aired"),
        FieldPanel("synopsis"),
    ]
    parent_page_types = ["SeasonPage"]


class CastMember(Orderable):
    class Kind(models.TextChoices):
        MAIN = "main", "Main cast"
        RECURRING = "recurring", "Recurring"
        GUEST = "guest", "Guest"

    page = ParentalKey(SeriesPage, on_delete=models.CASCADE, related_name="cast")
    person = models.ForeignKey(PersonPage, on_delete=models.CASCADE, related_name="+")
    character = models.ForeignKey(CharacterPage, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    first_season = models.PositiveSmallIntegerField(default=1)
    last_season = models.PositiveSmallIntegerField(default=1)

    panels = [
        FieldPanel("person"),
        FieldPanel("character"),
        FieldPanel("kind"),
        FieldPanel("first_season"),
        FieldPanel("last_season"),
    ]

    def __str__(self):
        return self.character.title

    @property
    def span(self):
        if self.first_season == self.last_season:
            return f"Season {self.first_season}"
        return f"Seasons {self.first_season}–{self.last_season}"


class Credit(Orderable):
    page = ParentalKey(SeriesPage, on_delete=models.CASCADE, related_name="credits")
    person = models.ForeignKey(PersonPage, on_delete=models.CASCADE, related_name="+")
    job = models.CharField(max_length=100)

    panels = [FieldPanel("person"), FieldPanel("job")]

    def __str__(self):
        return self.job
