from django.apps import apps
from django.test import SimpleTestCase

from catalog.importers.catalog_form import KIND_OF, MADE_ANEW, STAYS_BEHIND, WRITING_ORDER


class CatalogFormTests(SimpleTestCase):
    """A new model or field is told of in the files, or it is said openly that it is not."""

    def test_every_model_is_in_it_or_stays_behind(self):
        models = {model.__name__ for model in apps.get_app_config("catalog").get_models()}
        told = {model.__name__ for model in KIND_OF}
        assert told | {*STAYS_BEHIND} == models
        assert told.isdisjoint(STAYS_BEHIND)

    def test_every_field_is_in_it_or_made_anew(self):
        unused = {*MADE_ANEW}
        for kind in KIND_OF.values():
            fields = {
                field.name for field in (*kind.model._meta.fields, *kind.model._meta.many_to_many)
            }
            told = {*kind.written_names, kind.owner} - {""}
            with self.subTest(kind=kind.plural):
                assert told <= fields
                assert fields - told <= MADE_ANEW
            unused -= fields - told
        assert not unused

    def test_what_editors_can_change_is_never_made_anew(self):
        for kind in KIND_OF.values():
            for field in kind.model._meta.fields:
                if field.name in MADE_ANEW and not field.primary_key:
                    with self.subTest(kind=kind.plural, field=field.name):
                        assert not field.editable

    def test_every_kind_is_written_after_those_it_points_to(self):
        for number, kind in enumerate(WRITING_ORDER):
            assert kind.needs <= {*WRITING_ORDER[:number]}
        assert {*WRITING_ORDER} == {*KIND_OF.values()}
