"""The networks of the series and of its seasons."""

from ....models import Network
from ....models.text import address, fold
from ..plan import Outcome, Plan, Planned, Rights
from ..told import UNTOLD


class Networks:
    """Those that there are, by name, and those that would be new; notes go to ``plan``."""

    def __init__(self, plan: Plan, rights: Rights):
        self._plan, self._rights = plan, rights
        self._rows = {fold(network.name): network for network in Network.objects.all()}
        self._slugs = {network.slug for network in self._rows.values()}
        self._new = {}

    def row_of(self, network):
        """The row of a network; a new one, not saved, if the catalogue has none of that name."""
        if network is UNTOLD or network is None:
            return network
        key = fold(network.name)
        if key in self._rows:
            return self._rows[key]
        if not self._rights.add_networks:
            self._plan.notes.append(
                f"The network “{network.name}” is not in the catalogue, and you may not add it: "
                "the box stays as it is."
            )
            self._rows[key] = UNTOLD
            return UNTOLD
        slug = stem = address(network.name) or "network"
        number = 2
        while slug in self._slugs:
            slug, number = f"{stem}-{number}", number + 1
        self._slugs.add(slug)
        row = Network(name=network.name, slug=slug, url=network.url)
        self._rows[key] = self._new[key] = row
        return row

    def planned(self, rows):
        """Those that are new and that some of ``rows`` has."""
        used = [
            {**each.suggested, **each.values}.get("network")
            for each in rows
            if each.outcome is not Outcome.SKIPPED
        ]
        return [
            Planned(Network, row.name, row, Outcome.NEW)
            for row in self._new.values()
            if any(row is each for each in used)
        ]
