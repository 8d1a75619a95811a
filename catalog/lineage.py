"""What a series comes from and what came of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tie:
    """One link, as the page of a series says it: "spin-off of" another series.

    ``episode`` is the one where it happens; None where there is none, or none to be told of.
    """

    phrase: str
    other: object
    episode: object
    note: str


@dataclass
class Lineage:
    origins: list = field(default_factory=list)
    offspring: list = field(default_factory=list)
    relatives: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.origins or self.offspring or self.relatives)

    @property
    def family(self) -> list:
        """Every other series in it, each once."""
        ties = [*self.origins, *self.offspring, *self.relatives]
        return list(dict.fromkeys(tie.other for tie in ties))


def lineage_of(series, links, audience) -> Lineage:
    """The lineage of ``series`` from its links, which ``audience`` may see."""
    lineage = Lineage()
    for link in links:
        told = link.told_to(audience)
        from_series, to_series = link.marked_series
        if link.from_series_id == series.pk:
            tie = Tie(link.get_kind_display(), to_series, *told)
            side = lineage.origins
        else:
            tie = Tie(link.reverse_phrase, from_series, *told)
            side = lineage.offspring
        (side if link.is_descent else lineage.relatives).append(tie)
    return lineage
