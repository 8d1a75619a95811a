"""Pages of the admin beside those that Django has: of histories, merges and fast entry."""

from django.template.response import TemplateResponse


def page_of(model_admin, request, template, context, row=None):
    """A page about rows of ``model_admin``, or about one of them, with the admin around it."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "object": row,
        **context,
    }
    return TemplateResponse(request, template, context)
