"""Who may do what. Permissions decide; the groups only hand them out.

A contributor writes drafts and sends them to review. An editor may do all of the catalogue.
"""

from django.core.exceptions import ValidationError

from .models.gate import gatekeepers

CONTRIBUTOR, EDITOR = "Contributor", "Editor"

ENTRIES = ("series", "character", "person", "organization", "announcement", "watchorder")
# What hangs on entries. As long as visitors do not see them, these come and go with a draft.
ROWS = (
    "season",
    "episode",
    "portrayal",
    "credit",
    "characterfact",
    "relationship",
    "membership",
    "serieslink",
    "personlink",
    "watchstep",
)
# What many entries share: a contributor adds to them and leaves alone what is there, but for a
# source that only drafts name.
SHARED = ("source", "image")


def may_publish(user, model) -> bool:
    """Whether ``user`` may publish entries of ``model`` and change those that are published."""
    return user.has_perm(f"{model._meta.app_label}.publish_{model._meta.model_name}")


def may_show(user, model) -> bool:
    """Whether ``user`` may change what visitors see of rows of ``model``.

    That takes the permission to publish each kind of entry on which such a row depends. What
    depends on none, such as a source, is a matter of the ordinary permissions alone.
    """
    return all(may_publish(user, entry) for entry in gatekeepers(model))


class NotShownError(ValidationError):
    """Somebody who may not publish was about to change what visitors see; nothing was changed."""


def grant(apps, alias: str):
    """Give the groups their permissions, and make what of both is not there yet.

    For migrations: ``apps`` are the models as they are then, ``alias`` is the database. Permissions
    usually come after all migrations, so those of the catalogue's models are made here, under the
    names that Django gives them. What is already granted stays; a model that comes with a later
    migration, or a permission, is granted by calling this again in one that depends on it.
    """
    contributor = codenames_of_contributor()
    granted = {CONTRIBUTOR: [], EDITOR: []}
    for model in apps.get_app_config("catalog").get_models():
        for permission in _permissions_of(apps, alias, model):
            granted[EDITOR].append(permission)
            if permission.codename in contributor or permission.codename.startswith("view_"):
                granted[CONTRIBUTOR].append(permission)
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for name, permissions in granted.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(*permissions)


def codenames_of_contributor() -> set[str]:
    """Those beside looking at everything."""
    return {
        *(f"{deed}_{name}" for name in ENTRIES for deed in ("add", "change")),
        *(f"{deed}_{name}" for name in ROWS for deed in ("add", "change", "delete")),
        *(f"add_{name}" for name in SHARED),
    }


def _permissions_of(apps, alias, model):
    meta = model._meta
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    content_type, _ = content_types.get_or_create(app_label="catalog", model=meta.model_name)
    names = {
        f"{deed}_{meta.model_name}": f"Can {deed} {meta.verbose_name_raw}"
        for deed in meta.default_permissions
    }
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    for codename, name in {**names, **dict(meta.permissions)}.items():
        permission, _ = permissions.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        yield permission


def revoke(apps, alias: str):
    """Take the groups away; who was in them keeps the account, without these permissions."""
    groups = apps.get_model("auth", "Group").objects.using(alias)
    groups.filter(name__in=[CONTRIBUTOR, EDITOR]).delete()
