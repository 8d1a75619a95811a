from django.views.generic import ListView

from ..models import Season, WatchOrder, WatchStep
from ..models.statements import Statement
from .base import Described
from .following import STEPS_ON_A_PAGE, address_of_step
from .sections import SectionedDetail

_STEPS = Statement(
    lambda audience, order: WatchStep.objects.visible_to(audience).of(order),
    dressed=lambda audience, order: WatchStep.objects.for_order(audience),
)
_SEASONS = Statement(
    lambda audience, order: Season.objects.visible_to(audience).by_release(audience, order),
    dressed=lambda audience, order: Season.objects.visible_to(audience).for_steps(audience),
)


class WatchOrderList(Described, ListView):
    model = WatchOrder
    heading = "Watch orders"
    paginate_by = 24
    parameters = frozenset({"page"})

    def get_queryset(self):
        audience = self.request.audience
        return WatchOrder.objects.visible_to(audience).for_list(audience)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        number = context["page_obj"].number
        address = f"{self.request.path}?page={number}" if number > 1 else self.request.path
        address = self.request.build_absolute_uri(address)
        return context | {"canonical_address": address, "heading": self.heading}


class WatchOrderDetail(SectionedDetail):
    model = WatchOrder
    parameters = frozenset({"steps", "sources"})
    entry = Statement(
        lambda audience, slug: (
            WatchOrder.objects.reached_by(audience).with_tally(audience).filter(slug=slug)
        )
    )

    def get_context_data(self, **kwargs):
        steps, here = self.steps()
        return super().get_context_data(
            steps=steps,
            here=here,
            address_of_here=here and address_of_step(self.object, here),
            sources=self.sources_of(watchorder=[self.object]),
            **kwargs,
        )

    def steps(self):
        """The page of steps, each with its ``number`` in the order; and the number to go on at.

        The second is None for who has seen all there is, or has told nothing.
        """
        order, audience = self.object, self.request.audience
        statement = _SEASONS if order.is_by_release else _STEPS
        steps = self.in_pages("steps", "steps", statement, size=STEPS_ON_A_PAGE, order=order)
        told = audience.progress is not None
        rows = statement.build(audience, order)
        here = place_to_go_on(rows, rows.to_see(audience), steps) if told else None
        if order.is_by_release:
            own = WatchStep.objects.visible_to(audience)
            steps.object_list = own.for_seasons(order, steps.object_list)
        for number, step in enumerate(steps.object_list, start=steps.start_index()):
            step.number = number
            step.is_here = number == here
            step.is_seen = told and step.has_been_seen
        return steps, here


def place_to_go_on(rows, to_see, page):
    """The number among ``rows``, from 1, of the first of ``to_see``; None if there is none.

    Where ``page``, one of ``rows``, has it, the others are not asked for.
    """
    first = to_see.values_list("pk", flat=True).first()
    if first is None:
        return None
    shown = [row.pk for row in page.object_list]
    if first in shown:
        return page.start_index() + shown.index(first)
    return list(rows.values_list("pk", flat=True)).index(first) + 1
