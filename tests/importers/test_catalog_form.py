from django.test import SimpleTestCase

from catalog.importers.catalog_form import KIND_OF, WRITING_ORDER


class CatalogFormTests(SimpleTestCase):
    def test_a_file_can_say_whatever_an_editor_can_but_for_pictures(self):
        for kind in KIND_OF.values():
            editable = {
                field.name
                for field in (*kind.model._meta.fields, *kind.model._meta.many_to_many)
                if field.editable and not field.primary_key
            }
            with self.subTest(kind=kind.plural):
                assert editable - {*kind.written_names} <= {kind.owner, "image", "cover"}

    def test_every_kind_is_written_after_those_it_points_to(self):
        for number, kind in enumerate(WRITING_ORDER):
            assert kind.needs <= {*WRITING_ORDER[:number]}
        assert {*WRITING_ORDER} == {*KIND_OF.values()}
