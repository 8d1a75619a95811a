"""One kind of row as the columns of a sheet."""

from collections import OrderedDict

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from import_export.fields import Field
from import_export.resources import Resource

from ..importers.catalog_form import EPISODES, SEASONS
from ..importers.catalog_rows import is_required
from ..models.constraints import concerned
from .cells import TOO_LONG, fitting
from .fingerprints import COLUMN, version_of
from .widgets import CellWidget, widget_for

KEY = "id"

# In a sheet with more problems, lines that have one are not asked for others.
_MOST_LOOKED_INTO = 200

# Rows that are read, with all that their cells show, in one go.
AT_ONCE = 500


class SheetResource(Resource):
    """What a sheet of ``kind`` says of a row, and how a line of it is taken back.

    The columns are those of the data files, between the key of the row and its version. ``named``
    are the foreign keys whose name stands beside the slug, to read.
    """

    kind = None
    named = ()

    class Meta:
        # Lines tell their differences themselves, cell by cell.
        skip_diff = True

    def __init__(self):
        super().__init__()
        self.fields = OrderedDict((field.column_name, field) for field in self._columns())
        self.told = list(self.fields.values())
        self.columns = list(self.fields)

    @property
    def model(self):
        return self.kind.model

    @property
    def header(self) -> list[str]:
        return [KEY, *self.columns, COLUMN]

    def _columns(self):
        kind = self.kind
        fields = list(kind.fields.values())
        if kind.owner:
            fields.insert(0, self.model._meta.get_field(kind.owner))
        for field in fields:
            yield Field(field.name, field.name, widget_for(field, kind))
            if field.name in self.named:
                beside = f"{field.name}_name"
                yield Field(f"{field.name}__name", beside, CellWidget(field, kind), readonly=True)

    def model_field(self, column: str):
        return self.model._meta.get_field(self.fields[column].attribute)

    def is_number(self, column: str) -> bool:
        """Whether a program may calculate with the column."""
        field = self.fields[column]
        return not field.readonly and isinstance(
            self.model_field(column), models.IntegerField | models.BigAutoField
        )

    # Out of the catalogue ------------------------------------------------------------------------

    def rows(self, keys):
        """The rows with these ``keys``, in their order, with all that their cells show."""
        single, several = [], []
        for field in self.model._meta.get_fields():
            if field.name in self.fields and field.is_relation:
                (several if field.many_to_many else single).append(field)
        found = self.model.objects.select_related(*map(_joined, single)).prefetch_related(
            *(
                models.Prefetch(field.name, field.related_model.objects.order_by("pk"))
                for field in several
            )
        )
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            by_key = found.in_bulk(some)
            # One that was deleted meanwhile is left out.
            yield from (by_key[key] for key in some if key in by_key)

    def texts(self, row) -> list[str]:
        """What each column says of ``row``."""
        return [field.export(row) for field in self.told]

    def export_resource(self, instance, selected_fields=None, **kwargs):
        """A line of the sheet: key, cells, version."""
        texts = self.texts(instance)
        version = version_of(instance.pk, self.columns, texts)
        return [str(instance.pk), *map(fitting, texts), version]

    # Back into it: the library asks, and a line answers -------------------------------------------

    def get_instance(self, instance_loader, row):
        return instance_loader.instance

    def init_instance(self, row=None):
        return self.model()

    def after_init_instance(self, instance, new, row, **kwargs):
        self.line = row.line
        row.line.instance = instance
        row.line.refuse_what_stands()

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        if not field.readonly and field.column_name in row.line.touched:
            row.line.compare(field)

    def import_instance(self, instance, row, **kwargs):
        """Compare each cell that was touched; what cannot be taken is told together."""
        for field in self.get_import_fields():
            self.import_field(field, instance, row, **kwargs)
        line = row.line
        line.miss(self._missing(row) if line.is_new else [])
        if line.problems:
            raise ValidationError(dict(line.problems))

    def _missing(self, row):
        """Columns without which a new row cannot be."""
        return [
            column
            for column, field in self.fields.items()
            if not field.readonly
            and is_required(self.model_field(column))
            and row.get(column, "") in {"", TOO_LONG}
        ]

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Of a row that was there what changes is looked at, with the rules that concern it."""
        names = {field.name for field in self.model._meta.fields}
        changed = self.line.changed_fields
        exclude = set() if self.line.is_new else names - concerned(self.model, changed)
        errors = dict(import_validation_errors or {})
        if errors and len(self.line.plan.problems) > _MOST_LOOKED_INTO:
            raise ValidationError(errors)
        exclude |= errors.keys()
        try:
            instance.full_clean(exclude, validate_unique, validate_constraints=False)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        exclude |= errors.keys()
        for constraint in self.model._meta.constraints:
            if _is_blank(constraint, instance):
                continue
            try:
                constraint.validate(self.model, instance, exclude)
            except ValidationError as error:
                if _has_number(constraint, self.model):
                    # Whether the other row makes room is known once all lines are read.
                    self.line.taken.append((constraint, error))
                else:
                    errors = _by_field(constraint, error).update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        line = row.line
        return not (line.is_new or line.changes or import_validation_errors)

    def before_save_instance(self, instance, row, **kwargs):
        """It is sound; whether this editor may do it is another question."""
        row.line.refuse_what_shows()


def _joined(field):
    """The path by which the target of a foreign key can say what it is."""
    target = field.related_model
    if target is EPISODES.model:
        return f"{field.name}__season__series"
    return f"{field.name}__series" if target is SEASONS.model else field.name


def _is_blank(constraint, row):
    """Whether it is about one field alone, which says nothing: of those there may be many."""
    fields = getattr(constraint, "fields", ())
    return len(fields) == 1 and getattr(row, fields[0]) in (None, "")


def _has_number(constraint, model):
    """Whether rows can trade places under it, one of them waiting at a number far away."""
    fields = [model._meta.get_field(name) for name in getattr(constraint, "fields", ())]
    return any(isinstance(field, models.IntegerField) for field in fields)


def _by_field(constraint, error):
    """As Django tells it: of the field, if it is of one alone."""
    fields = getattr(constraint, "fields", ())
    is_of_one = getattr(error, "code", None) == "unique" and len(fields) == 1
    return ValidationError({fields[0] if is_of_one else NON_FIELD_ERRORS: error})
