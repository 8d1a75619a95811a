"""The page of an entry with sections that may be long: each is shown in pages of its own."""

from django.core.paginator import Page
from django.http import Http404
from django.utils.http import urlencode

from ..models import Source
from ..models.counting import Bounded
from ..models.statements import Statement
from .base import PAGE_NUMBER, CatalogDetail, LongPaginator

ROWS_ON_A_PAGE = 60

_SOURCES = Statement(lambda audience, **keys: Source.objects.told_to(audience).supporting(**keys))


class SectionPage(Page):
    """One page of a section: its rows, and the addresses of its other pages."""

    def __init__(self, rows, number, paginator, name, label, detail):
        super().__init__(rows, number, paginator)
        self.name = name
        self.label = label
        self.detail = detail

    @property
    def total(self):
        return self.paginator.count

    @property
    def extent(self) -> str:
        """Such as "61–120"."""
        return f"{self.start_index():,}–{self.end_index():,}"

    @property
    def previous_address(self) -> str:
        return self.detail.address(self.name, self.number - 1)

    @property
    def next_address(self) -> str:
        return self.detail.address(self.name, self.number + 1)

    @property
    def links(self) -> list:
        """(number, address) of the pages around this one; ("…", "") where some are left out."""
        return [
            (number, self.detail.address(self.name, number) if isinstance(number, int) else "")
            for number in self.paginator.get_elided_page_range(self.number)
        ]


class SectionedDetail(CatalogDetail):
    """One entry, with long sections in pages that the address tells: ``?acting=2&crew=3``.

    Each section keeps its place while another is turned over. The first page has no
    parameter, and parameters that name no section have no effect.
    """

    # Parameters that the links of sections keep, and the canonical address does without.
    kept = {}

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.sections = {}

    def in_pages(self, name, label, statement, *, size=ROWS_ON_A_PAGE, fits=False, **told):
        """The page of the rows of ``statement``, told ``told``, that the request asks for.

        ``name`` is the parameter and the id of the section's heading, ``label`` what the
        title of the page calls it. With ``fits``, all rows are known to fit on one page, and
        are read in one step. A page past the end and a malformed number raise Http404.
        """
        asked = self.request.GET.get(name, "1")
        if not PAGE_NUMBER.fullmatch(asked):
            raise Http404(f"There is no page {asked!r:.20} of this section.")
        number = int(asked)
        bottom = (number - 1) * size
        if fits:
            rows = statement(self.request.audience, **told)
            found, total = rows[bottom:], len(rows)
        else:
            found, total = statement.cut(bottom, bottom + size, self.request.audience, **told)
        if number > 1 and not found:
            raise Http404(f"There is no page {number} of this section.")
        count = Bounded.of(total, total)
        paginator = LongPaginator((), size, count=count)
        page = SectionPage(found, number, paginator, name, label, self)
        self.sections[name] = page
        return page

    def sources_of(self, **rows):
        """The page of the sources of any of ``rows``: model names with the rows at hand of each."""
        keys = {name: [row.pk for row in supported] for name, supported in rows.items()}
        return self.in_pages("sources", "sources", _SOURCES, **keys)

    def address(self, name=None, number=None) -> str:
        """The path of this page; with ``name``, of that page of the section, at its heading."""
        places = {page.name: page.number for page in self.sections.values()}
        if name:
            places[name] = number
        turned = {name: number for name, number in places.items() if number > 1}
        query = urlencode({**self.kept, **turned} if name else turned)
        address = f"{self.request.path}?{query}" if query else self.request.path
        return f"{address}#{name}" if name else address

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            canonical_address=self.request.build_absolute_uri(self.address()),
            turned=[page for page in self.sections.values() if page.number > 1],
            **kwargs,
        )
