from django.contrib import admin

from ..models import Person, PersonLink
from ..spreadsheets import PersonSheet
from .base import ELSEWHERE, SOURCES, CatalogAdmin, only_chosen, only_used
from .credits import CreditsOfPerson, PortrayalsOfPerson
from .entries import PUBLISHING
from .merging import MergingAdmin
from .rows import Rows
from .spreadsheets import SpreadsheetAdmin


class LinksOfPerson(Rows):
    model = PersonLink
    fields = ["label", "url"]
    verbose_name = "link"


@admin.register(Person)
class PersonAdmin(SpreadsheetAdmin, MergingAdmin):
    sheet = PersonSheet
    list_display = ["name", "born", "died", "birth_place", "publication"]
    list_filter = [
        *MergingAdmin.list_filter,
        only_used("portrayals__series"),
        "credits__job__department",
    ]
    search_fields = [*MergingAdmin.search_fields, "other_names", "=imdb_id"]
    autocomplete_fields = ["image", "sources"]
    fieldsets = [
        (None, {"fields": ["name", "other_names", "biography", "image", "preview"]}),
        ("Life", {"fields": ["born", "died", "birth_place"]}),
        PUBLISHING,
        ELSEWHERE,
        SOURCES,
    ]
    inlines = [PortrayalsOfPerson, CreditsOfPerson, LinksOfPerson]


@admin.register(PersonLink)
class PersonLinkAdmin(CatalogAdmin):
    list_display = ["label", "url", "person"]
    list_select_related = ["person"]
    list_filter = [only_chosen("person")]
    search_fields = ["label", "url", "person__name"]
    autocomplete_fields = ["person"]
