import re
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ...importers.problems import CannotLoadError, shown
from ...importers.tvmaze.answers import by_show, read_file
from ...importers.tvmaze.fetching import Api, show_id
from ...importers.tvmaze.plan import Answers, Outcome, Rights
from ...importers.tvmaze.writing import import_show
from ..problems import not_changed

_MOST_TOLD = 30

_NUMBER = re.compile(r"\s*-?\d{1,20}\s*", re.ASCII)
_LINK = re.compile(r"\s*https?://", re.IGNORECASE)


class Command(BaseCommand):
    help = (
        "Imports shows from TVmaze. Everything new is a draft, with TVmaze as its source; each "
        "show is written as a whole, or not at all. A second import updates what nobody has "
        "changed since the first; what it would change otherwise, and what visitors would see at "
        "once, becomes suggestions in the admin or is skipped. What TVmaze calls an insignificant "
        "special is left out; other specials go to season 0."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "sources",
            nargs="+",
            metavar="SOURCE",
            help="The id of a show, a link to its page on TVmaze, or a file with an answer of "
            "api.tvmaze.com: /shows/:id (embed[]=seasons, episodes, cast, crew), "
            "/shows/:id/episodes?specials=1, /cast, /crew, /seasons. The files of one show may "
            "come in any number and order.",
        )
        parser.add_argument(
            "--show",
            type=int,
            metavar="ID",
            help="The show of those files that do not say of which they are (cast, crew, seasons, "
            "older episodes). Needed unless exactly one show is imported.",
        )
        parser.add_argument(
            "--same-names",
            action="store_true",
            help="Take a series, person or character of the same name as the same, where there is "
            "only one and nothing speaks against it. Without this they are skipped, and told.",
        )
        parser.add_argument(
            "--shown",
            action="store_true",
            help="Change what visitors see as well: add to what is published, and update it. "
            "Without this, updates of it become suggestions and what would show is skipped.",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Do all of it, tell what has come of it, and take it back.",
        )

    def handle(self, *, sources, show, same_names, shown, dry_run, verbosity, **options):
        try:
            told = by_show(_answers(sources, verbosity), show)
        except CannotLoadError as error:
            raise CommandError(not_changed(error.problems)) from error
        if not told:
            raise CommandError("Nothing was changed: the files tell of no show.")
        done = []
        for each in told:
            # disable=None: shown only when stderr is a terminal.
            progress = partial(
                tqdm,
                desc=each.name,
                disable=None if verbosity else True,
                unit=" rows",
                leave=False,
            )
            try:
                imported = import_show(
                    each,
                    Answers(takes_single=same_names),
                    Rights(show=shown),
                    is_try=dry_run,
                    progress=progress,
                )
            except CannotLoadError as error:
                before = f"{', '.join(done)}: imported. Nothing else" if done else "Nothing"
                raise CommandError(not_changed(error.problems, before)) from error
            done.append(each.name)
            if verbosity:
                self.stdout.write(_summed_up(imported.plan))
        if verbosity and dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")


def _answers(sources, verbosity):
    """What all of them say; nothing is written before all of it has been read."""
    answers = []
    api = Api(settings.TVMAZE_API)
    bar = tqdm(sources, disable=None if verbosity else True, unit=" sources", leave=False)
    try:
        for source in bar:
            answers += _answers_of(source, api)
    finally:
        api.close()
    return answers


def _answers_of(source, api):
    is_number = _NUMBER.fullmatch(source) and not Path(source).exists()
    if not is_number and not _LINK.match(source):
        return [read_file(Path(source))]
    key = show_id(source)
    if key is None:
        raise CannotLoadError([f"{shown(source)} is no id of TVmaze, nor a show's address there."])
    return api.show(key)


def _summed_up(plan):
    lines = [f"{plan.name} ({plan.address})"]
    columns = [*Outcome]
    lines.append(f"{'':20}" + "".join(f"{each.value:>11}" for each in columns))
    for model, counts in plan.counts.items():
        lines.append(
            f"{model._meta.verbose_name_plural!s:20}"
            + "".join(f"{counts[each]:>11,}" for each in columns)
        )
    lines += [f"  {note}" for note in plan.notes]
    for caption, rows in (
        ("Unchanged, to be looked at", plan.unchanged_with_a_note),
        ("Skipped", plan.skipped),
    ):
        lines += _list(caption, [f"{each.kind} {each.label}: {each.note}" for each in rows])
    if not plan.is_answered:
        lines.append(
            "Who is meant can be said in the admin (Series, Import from TVmaze), or once and for "
            "all by writing the TVmaze id on the page of the right one; --same-names takes the "
            "only one of a name as the same."
        )
    lines += _list(
        "Suggested, to be taken or declined in the admin",
        [
            f"{each.kind} {each.label}: {difference.label}"
            for each in plan.suggesting
            for difference in each.suggestions
        ],
    )
    return "\n".join(lines)


def _list(caption, told):
    if not told:
        return []
    more = len(told) - _MOST_TOLD
    return [
        f"{caption}:",
        *(f"  {each}" for each in told[:_MOST_TOLD]),
        *([f"  and {more:,} more"] if more > 0 else []),
    ]
