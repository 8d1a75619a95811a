"""Who may edit, with their second factors, and whose sign-in is locked for a while."""

from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..second_factor import take_away

admin.site.unregister(User)
# Their pages would show the keys.
admin.site.unregister(StaticDevice)
admin.site.unregister(TOTPDevice)


@admin.register(User)
class AccountAdmin(UserAdmin):
    list_display = ("username", "first_name", "last_name", "is_staff", "has_second_factor")
    actions = ("take_second_factors_away",)

    def get_queryset(self, request):
        phones = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(has_phone=Exists(phones))

    @admin.display(description="second factor", boolean=True, ordering="has_phone")
    def has_second_factor(self, user):
        return user.has_phone

    def has_take_away_permission(self, request):
        return request.user.is_superuser

    @admin.action(description="Take lost second factors away", permissions=["take_away"])
    def take_second_factors_away(self, request, queryset):
        for user in queryset:
            if user == request.user:
                text = "Yours was left: switch it off with a code, under “Second factor”."
                self.message_user(request, text, messages.WARNING)
            elif take_away(user):
                self.log_change(request, user, "Took the second factor away.")
                text = f"The second factor of {user} is taken away. They can set up another one."
                self.message_user(request, text, messages.SUCCESS)
            else:
                self.message_user(request, f"{user} has no second factor.", messages.INFO)


@admin.register(AccessAttempt)
class AccessAttemptAdmin(admin.ModelAdmin):
    """Failed sign-ins of the last minutes; to delete one lifts its lock."""

    list_display = ("username", "ip_address", "failures_since_start", "attempt_time")
    search_fields = ("username", "ip_address")
    fields = list_display
    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
