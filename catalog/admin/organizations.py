from django.contrib import admin

from ..models import Membership, Organization
from .base import SOURCES, CatalogAdmin, only_chosen
from .entries import PUBLISHING, EntryAdmin
from .gaps import GapFilter
from .rows import Rows


class MembershipRows(Rows):
    model = Membership
    autocomplete_fields = ["organization", "character", "revealed_in"]
    joins = ["organization", "character", "revealed_in__season__series"]


class MembershipsOfOrganization(MembershipRows):
    fields = ["character", "standing", "role", "former", "started", "ended", "revealed_in"]
    verbose_name = "member"


class MembershipsOfCharacter(MembershipRows):
    fields = ["organization", "standing", "role", "former", "started", "ended", "revealed_in"]


@admin.register(Organization)
class OrganizationAdmin(EntryAdmin):
    list_display = ["name", "parent", "publication"]
    list_select_related = ["parent"]
    search_fields = [*EntryAdmin.search_fields, "other_names"]
    autocomplete_fields = ["parent", "image", "sources"]
    fieldsets = [
        (None, {"fields": ["name", "other_names", "description", "parent", "image", "preview"]}),
        PUBLISHING,
        SOURCES,
    ]
    inlines = [MembershipsOfOrganization]


@admin.register(Membership)
class MembershipAdmin(CatalogAdmin):
    list_display = ["character", "organization", "standing", "role", "former", "revealed_in"]
    list_select_related = ["character", "organization", "revealed_in__season__series"]
    list_filter = [
        GapFilter,
        "standing",
        "former",
        only_chosen("organization"),
        only_chosen("character"),
    ]
    search_fields = ["character__name", "character__other_names", "organization__name", "role"]
    autocomplete_fields = ["organization", "character", "revealed_in", "sources"]
