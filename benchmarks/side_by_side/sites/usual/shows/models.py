from django.db import models
from django.urls import reverse


class Network(models.Model):
    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Series(models.Model):
    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        ENDED = "ended", "Ended"

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="series")
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    premiered = models.DateField(null=True, blank=True)
    ended = models.DateField(null=True, blank=True)
    synopsis = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "series"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("series-detail", args=[self.slug])


class Season(models.Model):
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="seasons")
    number = models.PositiveSmallIntegerField()
    premiered = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="season_of_series"),
        ]

    def __str__(self):
        return f"Season {self.number}"

    def get_absolute_url(self):
        return reverse("season-detail", args=[self.series.slug, self.number])


class Episode(models.Model):
    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="episodes")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    aired = models.DateField(null=True, blank=True)
    synopsis = models.TextField(blank=True)

    class Meta:
        ordering = ["season__number", "number"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        season = self.season
        return reverse("episode-detail", args=[season.series.slug, season.number, self.number])

    @property
    def code(self):
        return f"S{self.season.number}E{self.number}"


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

    @property
    def initials(self):
        return "".join(word[0] for word in self.name.split()[:2])


class Character(models.Model):
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    biography = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("character-detail", args=[self.slug])


class Portrayal(models.Model):
    class Kind(models.TextChoices):
        MAIN = "main", "Main cast"
        RECURRING = "recurring", "Recurring"
        GUEST = "guest", "Guest"

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="portrayals")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="portrayals")
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="portrayals")
    seasons = models.ManyToManyField(Season, related_name="portrayals", blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    billing = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["billing"]

    def __str__(self):
        return f"{self.person} as {self.character}"

    @property
    def span(self):
        """Its seasons in words, "Seasons 1–3"; the seasons are to be prefetched."""
        numbers = [season.number for season in self.seasons.all()]
        if not numbers:
            return ""
        if len(numbers) == 1:
            return f"Season {numbers[0]}"
        return f"Seasons {min(numbers)}–{max(numbers)}"


class Credit(models.Model):
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="credits")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="credits")
    job = models.CharField(max_length=100)

    class Meta:
        ordering = ["job", "person__name"]

    def __str__(self):
        return f"{self.person}, {self.job}"
