"""The two shapes that almost every public page has: a list that filters, and one entry."""

import re

from django.core.paginator import Page, PageNotAnInteger, Paginator
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.generic import DetailView, View
from django_filters.views import FilterView
from django_htmx.http import push_url

from ..cards import card_of_entry, card_of_page
from ..models.counting import Bounded
from ..models.entry import Entry
from ..models.statements import Statement
from ..renamed import led_on
from ..structured_data import structured_data

# As pages are numbered: no sign, no leading zero, and no more digits than any list has pages.
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)

# Either permission opens the page of the admin.
_OPENING = ("view", "change")

# The others are a click away, on the list of the news.
NEWS_ON_A_PAGE = 5


def cards(model, shown="for_list"):
    """The statement of ``CatalogList.cards`` for rows of ``model``.

    ``shown`` is the method of its queryset that fetches what their cards show.
    """

    def by_keys(audience, keys):
        rows = getattr(model.objects.visible_to(audience), shown)(audience)
        return rows.filter(pk__in=keys)

    return Statement(by_keys)


class LongPaginator(Paginator):
    """Pages of a list that may be too long to count: they end where its ``count`` does.

    So none lies far down a list of a hundred thousand; and of a list that is counted to its end, a
    page in the second half is read from there.
    """

    def __init__(self, object_list, per_page, *, count, **kwargs):
        super().__init__(object_list, per_page, **kwargs)
        self.count = count

    def validate_number(self, number):
        if not PAGE_NUMBER.fullmatch(str(number)):
            raise PageNotAnInteger(self.error_messages["invalid_page"])
        return super().validate_number(int(number))

    def page(self, number):
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        stop = min(start + self.per_page, int(self.count))
        if self.count.is_more or start + stop <= self.count:
            rows = list(self.object_list[start:stop])
        else:
            rows = list(self.object_list.reverse()[self.count - stop : self.count - start])
            rows.reverse()
        return LongPage(rows, number, self)

    @property
    def is_cut_short(self) -> bool:
        """Whether there is more than the pages list."""
        return self.count.is_more


class LongPage(Page):
    def end_index(self):
        # A number, where the count itself says that there are more.
        return int(super().end_index())


class Described:
    """A page that tells programs what it is about, too, and has a card to be shared with.

    What is told on it to some alone, as to editors, is not told to those.
    """

    heading = ""

    def render_to_response(self, context, **kwargs):
        if self.request.audience.is_everybody and not context.get("is_partial"):
            entry = context.get("object")
            context["structured_data"] = structured_data(self.request, context)
            context["card"] = (
                card_of_page(self.request.path, self.heading)
                if entry is None
                else card_of_entry(entry)
            )
        return super().render_to_response(context, **kwargs)


class CatalogList(Described, FilterView):
    """A filtered list of what the audience may see, in pages.

    A page states ``model``, ``filterset_class``, ``heading`` and ``nouns`` (one and many), and
    ``cards``, the statement that fetches rows by their keys with what their cards show. Rows
    are narrowed, sorted and cut to a page by their keys; only those of the page are fetched.
    """

    paginate_by = 24
    paginator_class = LongPaginator
    template_name_suffix = "_list"
    heading = ""
    intro = ""
    nouns = ""
    parameters = frozenset()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.filterset_class is not None:
            cls.parameters = frozenset({*cls.filterset_class.base_filters, cls.page_kwarg})

    def get(self, request, *args, **kwargs):
        """The list, at its own address: a form's empty boxes and typed names lead there."""
        response = super().get(request, *args, **kwargs)
        if request.htmx:
            push_url(response, self._address(page=response.context_data["page_obj"].number))
        elif self._is_untidy():
            response = redirect(self._address())
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def get_filterset_kwargs(self, filterset_class):
        # Without a question too, the filter set sorts and counts.
        return {**super().get_filterset_kwargs(filterset_class), "data": self.request.GET}

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.audience)

    def dressed(self, keys):
        return self.cards(self.request.audience, keys=keys)

    def get_paginator(self, queryset, per_page, **kwargs):
        count = self.filterset.count if self.filterset.is_valid() else Bounded()
        return super().get_paginator(queryset, per_page, count=count, **kwargs)

    def paginate_queryset(self, queryset, page_size):
        asked = self.request.GET.get(self.page_kwarg)
        if asked and not PAGE_NUMBER.fullmatch(asked):
            raise Http404(f"There is no page {asked!r:.20} of this list.")
        keys = queryset.values_list("pk", flat=True)
        paginator, page, _, is_paginated = super().paginate_queryset(keys, page_size)
        rows = {row.pk: row for row in self.dressed(page.object_list)}
        page.object_list = [rows[key] for key in page.object_list if key in rows]
        return paginator, page, page.object_list, is_paginated

    def get_context_data(self, **kwargs):
        partial = self.request.htmx and self.request.htmx.target == "results"
        context = super().get_context_data(
            heading=self.heading,
            intro=self.intro,
            nouns=self.nouns,
            base_template="catalog/results_base.html" if partial else "base.html",
            is_partial=partial,
            search_address=self._search_address(),
            **kwargs,
        )
        plain = self._plain_address(context["page_obj"].number)
        return context | {"canonical_address": self.request.build_absolute_uri(plain)}

    def _search_address(self):
        """Where the texts are searched for what the names of this list are searched for."""
        query = urlencode({"q": self.filterset.text, "kind": self.model._meta.model_name})
        return f"{reverse('catalog:search')}?{query}"

    def _is_untidy(self):
        """Whether a form was sent with empty boxes, or with a name or old slug of what has one."""
        if not self.filterset.is_valid():
            return False
        asked = self.request.GET
        empty = any("" in asked.getlist(name) for name in self.filterset.filters)
        told = {(name, value) for name, value, label in self.filterset.told}
        typed = any(
            (name, value) not in told
            for name in self.filterset.named
            for value in asked.getlist(name)
            if value.strip()
        )
        return empty or typed

    def _plain_address(self, page):
        """What a crawler should keep: of a narrowed list, the list itself."""
        if self.filterset.query or self.filterset.errors or page == 1:
            return self.request.path
        return f"{self.request.path}?page={page}"

    def _address(self, page=None):
        query = self.filterset.query if self.filterset.is_valid() else self.request.GET.urlencode()
        if page and page > 1 and self.filterset.is_valid():
            query = f"{query}&page={page}" if query else f"page={page}"
        return f"{self.request.path}?{query}" if query else self.request.path


def filter_at(address, request):
    """The filter set of the list at ``address``, a path with a query; None where no list is."""
    path, _, query = address.partition("?")
    try:
        view = getattr(resolve(path).func, "view_class", View)
    except Resolver404:
        return None
    if not issubclass(view, CatalogList):
        return None
    rows = view.model.objects.visible_to(request.audience)
    return view.filterset_class(QueryDict(query), queryset=rows, request=request)


class CatalogDetail(Described, DetailView):
    """One entry at its slug; an old slug leads to the new address.

    A page states its ``model`` and, as ``entry``, the statement that finds by the parts of the
    address the one of which an audience has a page, with what the page shows of the entry itself.
    """

    entry = None
    # Whose slug stands in the address, when it is not that of the model itself.
    redirect_model = None
    parameters = frozenset()

    def get_object(self, audience=None):
        entry = self.entry.first(audience or self.request.audience, **self.kwargs)
        if entry is None:
            raise Http404(f"There is no {self.model._meta.verbose_name} at this address.")
        return entry

    def get_context_data(self, **kwargs):
        address = self.request.build_absolute_uri(self.request.path)
        if self.request.preview:
            kwargs["for_editors"] = self._for_editors(self.object)
        return super().get_context_data(**{"canonical_address": address, **kwargs})

    def _for_editors(self, row):
        """Where the page is edited, "" for who may not; and the state if visitors do not get it."""
        meta, user = self.model._meta, self.request.user
        name = f"admin:{meta.app_label}_{meta.model_name}_change"
        may_open = any(user.has_perm(f"catalog.{deed}_{meta.model_name}") for deed in _OPENING)
        entry = row if isinstance(row, Entry) else self.series_of(row)
        return {
            "address": reverse(name, args=[row.pk]) if may_open else "",
            "state": entry.state_mark,
        }

    def get(self, request, *args, **kwargs):
        try:
            self.object = self.get_object()
        except Http404:
            response = led_on(request, self.redirect_model or self.model)
            if response is not None:
                return response
            if request.audience.progress is None:
                raise
            return self._beyond()
        return self.render_to_response(self.get_context_data(object=self.object))

    def _beyond(self):
        """Says that the page is of what comes later than the visitor has told to be; or Http404."""
        entry = self.get_object(self.request.audience.told_nothing())
        context = {"entry": entry, "kind": self.kind, "series": self.series_of(entry)}
        if self.request.preview:
            context["for_editors"] = self._for_editors(entry)
        return render(self.request, "catalog/beyond.html", context)

    def series_of(self, entry):
        """The series that ``entry`` is a part of, if it is."""
        return

    @property
    def kind(self):
        return self.model._meta.verbose_name
