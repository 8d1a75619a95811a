from django.contrib import admin

from .models import Character, Credit, Episode, Network, Person, Portrayal, Season, Series

admin.site.register([Character, Credit, Episode, Network, Person, Portrayal, Season, Series])
