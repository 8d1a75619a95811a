from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import Group, User

from .. import models
from . import (
    accounts,
    characters,
    credits,
    duplicates,
    gaps,
    history,
    media,
    news,
    organizations,
    people,
    redirects,
    revision,
    search,
    second_factor,
    series,
    sources,
    suggestions,
    watch_orders,
)

__all__ = [
    "accounts",
    "characters",
    "credits",
    "duplicates",
    "gaps",
    "history",
    "media",
    "news",
    "organizations",
    "people",
    "redirects",
    "revision",
    "search",
    "second_factor",
    "series",
    "sources",
    "suggestions",
    "watch_orders",
]

admin.site.site_header = "Catalogue"
admin.site.site_title = "Catalogue editors"
admin.site.index_title = "What would you like to edit?"
admin.site.front_page = gaps.front_page
admin.site.own_urls = second_factor.urls
admin.site.sections = {
    "Every day": [
        models.Series,
        models.Season,
        models.Episode,
        models.Character,
        models.Person,
        models.Organization,
        models.Announcement,
        models.WatchOrder,
        models.Change,
        models.LikelyDuplicate,
        models.Suggestion,
    ],
    "Rows, one by one": [
        models.Portrayal,
        models.Credit,
        models.CharacterFact,
        models.Relationship,
        models.Membership,
        models.SeriesLink,
        models.PersonLink,
        models.WatchStep,
    ],
    "Behind the scenes": [
        models.Source,
        models.Image,
        models.Network,
        models.Job,
        models.RelationshipKind,
        models.Redirect,
        models.SearchEntry,
        models.SearchWord,
        models.Revision,
    ],
    "Who may edit": [User, Group, AccessAttempt],
}
