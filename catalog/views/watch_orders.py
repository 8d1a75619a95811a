from django.views.generic import ListView

from ..models import Season, Source, WatchOrder, WatchStep
from .following import STEPS_ON_A_PAGE
from .sections import SectionedDetail


class WatchOrderList(ListView):
    model = WatchOrder
    paginate_by = 24

    def get_queryset(self):
        audience = self.request.audience
        return WatchOrder.objects.visible_to(audience).for_list(audience)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        number = context["page_obj"].number
        address = f"{self.request.path}?page={number}" if number > 1 else self.request.path
        return context | {"canonical_address": self.request.build_absolute_uri(address)}


class WatchOrderDetail(SectionedDetail):
    model = WatchOrder

    def rows(self, audience):
        return WatchOrder.objects.reached_by(audience).with_tally(audience)

    def get_context_data(self, **kwargs):
        sources = Source.objects.told_to(self.request.audience).supporting(watchorder=[self.object])
        return super().get_context_data(
            steps=self.steps(),
            sources=self.in_pages("sources", "sources", sources),
            **kwargs,
        )

    def steps(self):
        """The page of steps, each with its ``number`` in the order."""
        order, audience = self.object, self.request.audience
        own = WatchStep.objects.visible_to(audience)
        if order.is_by_release:
            rows = Season.objects.visible_to(audience).by_release(audience, order)
            dressed = Season.objects.visible_to(audience).for_steps(audience)
        else:
            rows, dressed = own.of(order), WatchStep.objects.for_order(audience)
        steps = self.in_pages("steps", "steps", rows, dressed, STEPS_ON_A_PAGE)
        if order.is_by_release:
            steps.object_list = own.for_seasons(order, steps.object_list)
        for number, step in enumerate(steps.object_list, start=steps.start_index()):
            step.number = number
        if audience.progress is not None:
            mark_seen(steps.object_list)
        return steps


def mark_seen(steps):
    """Mark what of ``steps`` has been seen, and where its visitor is to go on."""
    for step in steps:
        step.is_seen = step.has_been_seen
    ahead = (step for step in steps if step.date and step.is_something_to_see)
    if following := next(ahead, None):
        following.is_next = True
