from django.contrib import admin

from ..models import Revision
from .base import DerivedAdmin


@admin.register(Revision)
class RevisionAdmin(DerivedAdmin):
    remark = "The number rises with each change that visitors can see; caches go by it."
    list_display = ["number"]
    search_fields = ["=number"]
