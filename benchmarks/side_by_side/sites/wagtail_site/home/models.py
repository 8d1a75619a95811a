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
    """The front page, and the two below it that list series and people."""


class PersonPage(WagtailCacheMixin, Page):
    biography = RichTextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("biography")]


class SeriesPage(WagtailCacheMixin, Page):
    network = models.CharField(max_length=100, blank=True)
    premiered = models.DateField(null=True, blank=True)
    synopsis = RichTextField(blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("network"),
        FieldPanel("premiered"),
        FieldPanel("synopsis"),
        InlinePanel("cast", label="Cast"),
        InlinePanel("episodes", label="Episodes"),
    ]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["cast"] = self.cast.select_related("person")
        return context


class CastMember(Orderable):
    class Kind(models.TextChoices):
        MAIN = "main", "Main cast"
        RECURRING = "recurring", "Recurring"
        GUEST = "guest", "Guest"

    page = ParentalKey(SeriesPage, on_delete=models.CASCADE, related_name="cast")
    person = models.ForeignKey(PersonPage, on_delete=models.CASCADE, related_name="+")
    character = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)

    panels = [FieldPanel("person"), FieldPanel("character"), FieldPanel("kind")]

    def __str__(self):
        return self.character


class Episode(Orderable):
    page = ParentalKey(SeriesPage, on_delete=models.CASCADE, related_name="episodes")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    aired = models.DateField(null=True, blank=True)

    panels = [FieldPanel("number"), FieldPanel("name"), FieldPanel("aired")]

    def __str__(self):
        return self.name
