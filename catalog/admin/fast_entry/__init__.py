"""Pages that take much at once: a pasted cast list, the cast of last season, a grid of episodes."""

from functools import partial

from django.urls import path, reverse

from ...models import Season
from .cast import copy_cast, may_cast, paste_cast
from .episodes import add_episodes


def addresses(model_admin):
    """The pages of fast entry of a series or a season, for ``get_urls``."""
    name = model_admin.opts.model_name
    pages = {"paste_cast": paste_cast}
    if model_admin.model is Season:
        pages |= {"copy_cast": copy_cast, "add_episodes": add_episodes}
    return [
        path(
            f"<int:pk>/{page.replace('_', '-')}/",
            model_admin.admin_site.admin_view(partial(view, model_admin)),
            name=f"catalog_{name}_{page}",
        )
        for page, view in pages.items()
    ]


def shortcuts(model_admin, request, row):
    """(address, label) of those of the pages of ``row`` that the editor may use."""
    name = model_admin.opts.model_name
    found = []
    if may_cast(request.user):
        found.append(("paste_cast", "Paste a cast list"))
    if model_admin.model is Season:
        if request.user.has_perm("catalog.change_portrayal"):
            found.append(("copy_cast", "Copy the previous cast"))
        if request.user.has_perm("catalog.add_episode"):
            found.append(("add_episodes", "Add episodes"))
    return [
        (reverse(f"admin:catalog_{name}_{page}", args=[row.pk]), label) for page, label in found
    ]
