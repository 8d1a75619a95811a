from django.contrib import admin

from .models import Episode, Network, Person, Portrayal, Series

admin.site.register([Episode, Network, Person, Portrayal, Series])
