from django.contrib import admin

from ..models import Character, CharacterFact, Relationship, RelationshipKind
from ..spreadsheets import CharacterSheet
from .base import SOURCES, CatalogAdmin, only_chosen, only_used
from .credits import PortrayalsOfCharacter
from .entries import PUBLISHING
from .gaps import GapFilter
from .merging import MergingAdmin
from .organizations import MembershipsOfCharacter
from .rows import RowFormSet, Rows
from .spreadsheets import SpreadsheetAdmin


class FactsOfCharacter(Rows):
    model = CharacterFact
    fields = ["text", "revealed_in"]
    autocomplete_fields = ["revealed_in"]
    verbose_name = "fact"
    joins = ["revealed_in__season__series"]


class RelationshipRows(Rows):
    model = Relationship
    autocomplete_fields = ["character", "kind", "other", "revealed_in"]
    joins = ["character", "kind", "other", "revealed_in__season__series"]


class RelationshipsOfCharacter(RelationshipRows):
    fk_name = "character"
    fields = ["kind", "other", "note", "revealed_in"]
    verbose_name_plural = "relationships"


class RelationshipsToFormSet(RowFormSet):
    """Knows what is stated on the same page in the other direction, which is not saved yet."""

    def clean(self):
        super().clean()
        stated = set(self._stated_from_here())
        for form in self.kept_forms():
            relationship = form.instance
            said = (str(relationship.character_id), str(relationship.kind_id))
            if form.has_changed() and said in stated and relationship.kind.is_symmetric:
                form.add_error("character", "This is already stated above, from this side.")

    def _stated_from_here(self):
        for name, other in self.data.items():
            row, _, field = name.rpartition("-")
            is_other = row.startswith("relationships-") and field == "other"
            if is_other and f"{row}-DELETE" not in self.data:
                yield other, self.data.get(f"{row}-kind")


class RelationshipsToCharacter(RelationshipRows):
    formset = RelationshipsToFormSet
    fk_name = "other"
    fields = ["character", "kind", "note", "revealed_in"]
    verbose_name_plural = "relationships stated by other characters"


@admin.register(Character)
class CharacterAdmin(SpreadsheetAdmin, MergingAdmin):
    sheet = CharacterSheet
    list_display = ["name", "occupation", "first_appearance", "publication"]
    list_select_related = ["first_appearance__season__series"]
    list_filter = [*MergingAdmin.list_filter, only_used("portrayals__series")]
    search_fields = [*MergingAdmin.search_fields, "full_name", "other_names"]
    autocomplete_fields = ["image", "inspired_by", "first_appearance", "sources"]
    fieldsets = [
        (None, {"fields": ["name", "full_name", "other_names", "occupation", "biography"]}),
        ("Origin", {"fields": ["first_appearance", "inspired_by", "image", "preview"]}),
        PUBLISHING,
        ("Elsewhere", {"fields": ["tvmaze_id"], "classes": ["collapse"]}),
        SOURCES,
    ]
    inlines = [
        PortrayalsOfCharacter,
        FactsOfCharacter,
        RelationshipsOfCharacter,
        RelationshipsToCharacter,
        MembershipsOfCharacter,
    ]


@admin.register(CharacterFact)
class CharacterFactAdmin(CatalogAdmin):
    list_display = ["text", "character", "revealed_in"]
    list_select_related = ["character", "revealed_in__season__series"]
    list_filter = [GapFilter, only_used("revealed_in__season__series"), only_chosen("character")]
    search_fields = ["text", "character__name", "character__other_names"]
    autocomplete_fields = ["character", "revealed_in", "sources"]


@admin.register(RelationshipKind)
class RelationshipKindAdmin(CatalogAdmin):
    list_display = ["phrase", "reverse_phrase", "slug"]
    search_fields = ["phrase", "reverse_phrase", "slug"]
    prepopulated_fields = {"slug": ["phrase"]}


@admin.register(Relationship)
class RelationshipAdmin(CatalogAdmin):
    list_display = ["character", "phrase", "other", "revealed_in"]
    list_select_related = ["character", "kind", "other", "revealed_in__season__series"]
    list_filter = [GapFilter, only_used("kind"), only_chosen("character"), only_chosen("other")]
    search_fields = [
        "character__name",
        "character__other_names",
        "other__name",
        "other__other_names",
        "kind__phrase",
        "kind__reverse_phrase",
    ]
    autocomplete_fields = ["character", "kind", "other", "revealed_in", "sources"]

    @admin.display(description="is", ordering="kind__phrase")
    def phrase(self, relationship):
        return relationship.kind.phrase
