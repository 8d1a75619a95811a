from django.db import models
from django.urls import reverse


class Network(models.Model):
    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Series(models.Model):
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="series")
    premiered = models.DateField(null=True, blank=True)
    synopsis = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "series"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("series-detail", args=[self.slug])


class Episode(models.Model):
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="episodes")
    season = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    aired = models.DateField(null=True, blank=True)
    synopsis = models.TextField(blank=True)

    class Meta:
        ordering = ["season", "number"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("episode-detail", args=[self.series.slug, self.season, self.number])

    @property
    def code(self):
        return f"S{self.season}E{self.number:02}"


class Person(models.Model):
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    biography = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("person-detail", args=[self.slug])


class Portrayal(models.Model):
    class Kind(models.TextChoices):
        MAIN = "main", "Main cast"
        RECURRING = "recurring", "Recurring"
        GUEST = "guest", "Guest"

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="portrayals")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="portrayals")
    character = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    billing = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["billing"]

    def __str__(self):
        return f"{self.person} as {self.character}"
