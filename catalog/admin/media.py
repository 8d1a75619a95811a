from functools import partial
from pathlib import PurePath

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import get_text_list

from ..history import recording
from ..models import Image
from ..models.media import CREDIT_MISSING, LICENCE_MISSING
from ..pictures.keeping import NotStoredError, discard_unused, keep
from ..pictures.making import make
from ..pictures.reading import ENDINGS, LONGER_SIDE, MAX_BYTES, too_large
from .base import CatalogAdmin, thumbnail
from .gaps import GapFilter
from .kept import why_of
from .three_way import ThreeWayForm

_ACCEPT = ",".join(f".{ending}" for endings in ENDINGS.values() for ending in sorted(endings))


class PictureForm(ThreeWayForm):
    """Takes the picture that was made of the upload, or says what is wrong with it."""

    # What the view found in the request, before anyone's turn: decoding takes a while.
    picture = refusal = None
    # Gives the address of an image if the editor may open it, else None.
    address_of = None

    file = forms.FileField(
        label="Picture",
        widget=AdminFileWidget(attrs={"accept": _ACCEPT}),
        error_messages={"required": "Choose the file of the picture."},
        help_text=(
            f"JPEG, PNG, WebP, AVIF or GIF, at most {MAX_BYTES // 1024 // 1024} MB. It is stored "
            f"anew, at most {LONGER_SIDE:,} pixels wide or high, and without what the camera "
            "wrote into it, such as the place."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        is_older = not self.instance._state.adding and not self.instance.content_hash
        for name, message in (("credit", CREDIT_MISSING), ("licence", LICENCE_MISSING)):
            if name in self.fields and not is_older:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = message

    def full_clean(self):
        before = {
            name: getattr(self.instance, name)
            for name in ("file", "content_hash", "width", "height", "widths", "has_avif")
        }
        super().full_clean()
        if not self.is_bound or not self.errors:
            return
        # The page comes back with the picture that is stored.
        for name, value in before.items():
            setattr(self.instance, name, value)
        if self.picture and "file" not in self.errors:
            self.add_error(
                "file", "Choose the file again, please: the page could not keep it for you."
            )

    def _clean_fields(self):
        super()._clean_fields()
        if self.refusal:
            self._errors.pop("file", None)
            self.add_error("file", self.refusal)

    def clean_file(self):
        if self.refusal or not self.picture:
            return self.cleaned_data["file"]
        twin = Image.objects.filter(content_hash=self.picture.content_hash)
        twin = twin.exclude(pk=self.instance.pk).first()
        if twin:
            address = self.address_of(twin)
            name = format_html('<a href="{}">{}</a>', address, twin) if address else twin
            raise ValidationError(format_html("This picture is in the library already: {}", name))
        return self.picture.name

    def _post_clean(self):
        if self.picture and "file" in self.cleaned_data:
            self.picture.describe(self.instance)
        super()._post_clean()


@admin.register(Image)
class ImageAdmin(CatalogAdmin):
    form = PictureForm
    list_display = ["preview", "alt_text", "told_credit", "told_licence", "size"]
    list_display_links = ["preview", "alt_text"]
    list_per_page = 50
    list_filter = [GapFilter]
    search_fields = ["alt_text", "credit", "licence", "file"]
    readonly_fields = ["shown", "size", "stored"]
    fieldsets = [
        (None, {"fields": ["file", "shown", "alt_text"]}),
        ("Rights", {"fields": ["credit", "licence", "source_url"]}),
        ("Where it must not be cut", {"fields": ["focal_x", "focal_y"]}),
        ("What is stored", {"fields": ["size", "stored"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        if obj is not None:
            return self.fieldsets
        (name, first), *others, _ = self.fieldsets
        names = [each for each in first["fields"] if each != "shown"]
        return [(name, {**first, "fields": names}), *others]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Decodes before it takes its turn, and leaves no files behind when nothing was saved."""
        request.picture = request.refusal = None
        request.new_files = []
        show = partial(super().changeform_view, request, object_id, form_url, extra_context)
        if request.method != "POST":
            return show()
        if self._may_save(request, object_id):
            self._look_at_upload(request)
        try:
            with recording(request.user, why_of(request)) as request.record:
                return show()
        except NotStoredError as error:
            request.picture, request.refusal = None, error
        except BaseException:
            discard_unused(request.picture, request.new_files)
            raise
        with recording(request.user, why_of(request)) as request.record:
            return show()

    def _may_save(self, request, object_id):
        if object_id is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request)

    @staticmethod
    def _look_at_upload(request):
        if "file" in request.FILES:
            try:
                request.picture = make(request.FILES["file"])
            except ValidationError as error:
                request.refusal = error
        elif getattr(request, "is_upload_too_large", False):
            request.refusal = ValidationError(too_large())

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.picture, form.refusal = request.picture, request.refusal
        form.address_of = partial(self._address_of, request)
        return form

    def _address_of(self, request, image):
        if not self.has_view_or_change_permission(request, image):
            return None
        return reverse("admin:catalog_image_change", args=[image.pk])

    def save_model(self, request, obj, form, change):
        if form.picture:
            request.new_files = keep(form.picture)
        super().save_model(request, obj, form, change)

    @admin.display(empty_value="-")
    def preview(self, image):
        return thumbnail(image)

    @admin.display(description="as it is stored", empty_value="-")
    def shown(self, image):
        return thumbnail(image, 200)

    @admin.display(description="credit", ordering="credit")
    def told_credit(self, image):
        return image.credit or "missing"

    @admin.display(description="licence", ordering="licence")
    def told_licence(self, image):
        return image.licence or "missing"

    @admin.display(empty_value="-")
    def size(self, image):
        return f"{image.width} × {image.height}" if image.height else None

    @admin.display(empty_value="-")
    def stored(self, image):
        """In which formats and widths."""
        if not image.file:
            return None
        kind = PurePath(image.file.name).suffix.lstrip(".").upper().replace("JPG", "JPEG")
        if not image.widths:
            return f"{kind}; as it was sent, in this size alone. Choose the file again to mend it."
        widths = get_text_list(image.widths.split(), "and")
        formats = "AVIF and WebP" if image.has_avif else "WebP"
        return f"{kind}; for pages as {formats}, {widths} pixels wide"
