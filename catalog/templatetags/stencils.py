"""Rows that a page has by the dozen: their mark-up is rendered once, then filled in for each.

Most of what a loop costs is to look up each variable of each row, node by node. Of rows that are
plain texts the template can be rendered once, with stand-ins in the place of the texts.
"""

from html import escape

from django import template
from django.template.base import VariableNode
from django.urls import get_script_prefix
from django.utils.safestring import mark_safe

register = template.Library()


class StencilNode(template.Node):
    def __init__(self, name, rows, nodelist):
        self.name = name
        self.rows = rows
        self.nodelist = nodelist
        self._cut = {}

    def render(self, context):
        # Addresses depend on where the site is mounted.
        prefix = get_script_prefix()
        filled = []
        for row in self.rows.resolve(context):
            told = {name: escape(str(value)) for name, value in row.items() if value}
            shape = (prefix, *told)
            if shape not in self._cut:
                self._cut[shape] = self._rendered(context, told)
            filled.append(self._cut[shape] % told)
        return mark_safe("".join(filled))  # noqa: S308 - what is filled in was escaped

    def _rendered(self, context, names):
        """The row with "%(name)s" in the place of each of its texts."""
        stand_ins = {name: f"\0{name}\0" for name in names}
        html = self.nodelist.render(context.new({self.name: stand_ins})).replace("%", "%%")
        for name, stand_in in stand_ins.items():
            html = html.replace(stand_in, f"%({name})s")
        return html


@register.tag
def stencil(parser, token):
    """{% stencil row in rows %}…{% endstencil %}: a loop over dictionaries of texts.

    It is rendered once for each shape that the rows have: which of their texts are blank. So it
    may ask whether there is a text, and write it, but not look into it: what a filter or a
    comparison would give has to stand in the row. It sees nothing else of the page. All texts
    are escaped.
    """
    try:
        _, name, between, rows = token.split_contents()
    except ValueError:
        between = ""
    if between != "in":
        raise template.TemplateSyntaxError("It is written {% stencil row in rows %}.")
    nodelist = parser.parse(("endstencil",))
    parser.delete_first_token()
    for node in nodelist.get_nodes_by_type(VariableNode):
        if node.filter_expression.filters:
            raise template.TemplateSyntaxError(
                f"{{{{ {node.filter_expression} }}}}: a stencil has no text yet for a filter."
            )
    return StencilNode(name, parser.compile_filter(rows), nodelist)
