"""Why a catalogue cannot be written, in words for whoever asked for it."""


class CannotExportError(Exception):
    """Nothing was written; ``problems`` are sentences that say why and what to do."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))
