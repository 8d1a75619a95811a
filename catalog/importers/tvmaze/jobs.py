"""What TVmaze calls a piece of crew work, as a job of the catalogue."""

import re

from ...models import Job
from ...models.text import address, fold

_DEPARTMENTS = {
    Job.Department.CREATION: "creat develop",
    # Before the producers of anything else.
    Job.Department.MUSIC: "music composer song score",
    Job.Department.EFFECTS: "effect vfx",
    Job.Department.CASTING: "casting",
    Job.Department.CONSULTING: "consult advis",
    Job.Department.WRITING: "writ story script teleplay novel author",
    Job.Department.PHOTOGRAPHY: "photography camera cinematograph lighting",
    Job.Department.ART: "art design costume makeup hair set wardrobe property",
    Job.Department.EDITING: "editor editing",
    Job.Department.SOUND: "sound mixer audio",
    Job.Department.STUNTS: "stunt",
    Job.Department.PRODUCTION: "produc showrunner",
    Job.Department.DIRECTING: "direct",
}


def job_called(name: str) -> Job:
    """A new job, not saved: its department follows from its words, its rank is the last."""
    words = fold(name).split()
    department = next(
        (
            department
            for department, beginnings in _DEPARTMENTS.items()
            if any(word.startswith(tuple(beginnings.split())) for word in words)
        ),
        Job.Department.OTHER,
    )
    return Job(name=_in_sentence_case(name), slug=address(name), department=department)


def _in_sentence_case(name):
    """ "Executive Producer" as the catalogue has it, "Executive producer"; "VFX" stays."""
    first, *others = re.split(r"(?<=[\s/-])", name)
    return first + "".join(part if part.strip("/- ").isupper() else part.lower() for part in others)
