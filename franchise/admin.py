"""The admin with its models under captions. What stands under which is said in catalog/admin."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class EditorsSite(AdminSite):
    # {caption: models in the order of their use}
    sections = {}
    # Addresses that come before Django's.
    own_urls = ()

    @staticmethod
    def front_page(request):
        """What the front page shows above the models, as a context; a site puts its own here."""
        return {}

    def get_urls(self):
        return [*self.own_urls, *super().get_urls()]

    def index(self, request, extra_context=None):
        return super().index(request, {**self.front_page(request), **(extra_context or {})})

    def get_app_list(self, request, app_label=None):
        """The models of each section; then, app by app, those that stand under none."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        places = {row["model"]: (app, row) for app in apps for row in app["models"]}
        sections = []
        for caption, models in self.sections.items():
            found = [places.pop(model) for model in models if model in places]
            if found:
                app = found[0][0]
                sections.append({**app, "name": caption, "models": [row for _, row in found]})
        for app in apps:
            rest = [row for row in app["models"] if row["model"] in places]
            if rest:
                sections.append({**app, "models": rest})
        return sections


class EditorsConfig(AdminConfig):
    default_site = "franchise.admin.EditorsSite"
