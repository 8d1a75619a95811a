"""Answers of TVmaze: which show each is about, and all that is told of each show."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from ..json_text import parse
from ..problems import CannotLoadError, FormError, shown
from . import reading
from .shapes import Shape
from .told import Told, joined

# A show of thousands of episodes takes a tenth of it.
MOST_BYTES = 20_000_000
_MOST_ROWS = 20_000

_EMBEDDED = ("seasons", "episodes", "cast", "crew")
_MARKS_OF_A_SHOW = ("externals", "genres", "schedule", "premiered", "webChannel", "_embedded")
_WHAT_IS_READ = (
    "Save what api.tvmaze.com answers at /shows/:id (with embed[]=seasons, episodes, cast or "
    "crew), /shows/:id/episodes?specials=1, /cast, /crew or /seasons."
)


@dataclass(frozen=True)
class Answer:
    """What one file or one call says; ``name`` is what messages call it."""

    name: str
    content: object


def read_file(path: Path) -> Answer:
    """Raises CannotLoadError, before it reads any of it, if the file is too large."""
    try:
        if path.is_dir():
            raise CannotLoadError(
                [f"{path}: this is a folder. Name the files: {path}/*.json, for all of them."]
            )
        if path.stat().st_size > MOST_BYTES:
            raise CannotLoadError([f"{path.name}: {too_large()}"])
        with path.open("rb") as file:
            # It may be a pipe, or growing.
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CannotLoadError([f"{path}: it cannot be read: {error.strerror}."]) from None
    return read_bytes(path.name, raw)


def read_bytes(name: str, raw: bytes) -> Answer:
    if len(raw) > MOST_BYTES:
        raise CannotLoadError([f"{name}: {too_large()}"])
    try:
        return Answer(name, parse(raw))
    except FormError as error:
        raise CannotLoadError([f"{name}{error.at}: {error.why}"]) from None


def too_large() -> str:
    return f"it is larger than {MOST_BYTES // 1_000_000} MB, which no answer of TVmaze is."


def by_show(answers: list[Answer], of: int | None = None) -> list[Told]:
    """All that the answers tell, show by show, in the order in which the shows come.

    Episodes may name their show, and other lists do not: those belong to the show ``of``, or else
    to the only one there is. Raises CannotLoadError with every problem.
    """
    gathered = _Gathered()
    for answer in answers:
        gathered.take(answer)
    gathered.settle(of)
    if gathered.problems:
        raise CannotLoadError(gathered.problems)
    return [shelf.told(key) for key, shelf in gathered.shows.items()]


@dataclass
class _Shelf:
    """What has been told of one show so far."""

    show: object = None
    seasons: dict = field(default_factory=dict)
    episodes: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    characters: dict = field(default_factory=dict)
    parts: dict = field(default_factory=dict)
    works: dict = field(default_factory=dict)

    def told(self, key):
        return Told(
            id=key,
            show=self.show,
            seasons=tuple(self.seasons[number] for number in sorted(self.seasons)),
            episodes=tuple(
                sorted(
                    self.episodes.values(),
                    key=lambda each: (each.season, each.is_special, each.number or 0, each.id),
                )
            ),
            people=self.people,
            characters=self.characters,
            parts=tuple(self.parts),
            works=tuple(self.works),
        )


def _keep(shelf, key, value):
    shelf[key] = joined(shelf[key], value) if key in shelf else value


class _Gathered:
    def __init__(self):
        self.shows = defaultdict(_Shelf)
        self.problems = []
        self._loose = []  # (file, kind, items) of lists that name no show
        self._rows = 0

    def take(self, answer):
        content = answer.content
        try:
            if isinstance(content, list):
                self._take_list(answer.name, content)
                return
            shape = Shape(content)
            _refuse_error(shape)
            if shape.has("season") and shape.has("airdate", "airstamp", "number"):
                self._take_list(answer.name, [content])
            elif shape.has(*_MARKS_OF_A_SHOW):
                self._take_show(answer.name, shape)
            else:
                raise FormError(f"this is no answer about a show. {_WHAT_IS_READ}")
        except FormError as error:
            self.problems.append(f"{answer.name}: {error.why}")

    def settle(self, of):
        """Give the lists that name no show to the one that they must be of."""
        if of is not None and self._loose:
            only = of
        elif len(self.shows) == 1:
            only = next(iter(self.shows))
        elif self._loose:
            names = ", ".join(dict.fromkeys(name for name, _, _ in self._loose))
            which = (
                f"here are {len(self.shows)} shows" if self.shows else "no show is there beside it"
            )
            self.problems.append(
                f"{names}: it does not say of which show it is, and {which}. Import it together "
                "with the file of one show, or give the id of its show (the command: --show ID)."
            )
            return
        for name, kind, items in self._loose:
            self._shelve(name, only, kind, items)

    def _take_show(self, name, shape):
        show = self._read(name, "show", reading.show, shape)
        if show is None:
            return
        shelf = self.shows[show.id]
        try:
            shelf.show = joined(shelf.show, show) if shelf.show else show
            embedded = shape.inner("_embedded")
            lists = {
                kind: embedded.items(kind)
                for kind in _EMBEDDED
                if isinstance(embedded, Shape) and embedded.has(kind)
            }
        except FormError as error:
            self.problems.append(f"{name}: {show}: {error.why}")
            return
        for kind, items in lists.items():
            self._shelve(name, show.id, kind, items)

    def _take_list(self, name, items):
        kinds = {_kind_of(item) for item in items}
        if len(kinds) > 1:
            raise FormError(f"its items are of different kinds: {', '.join(sorted(kinds))}.")
        if not items:
            return
        (kind,) = kinds
        by_show = defaultdict(list)
        for item in items:
            by_show[reading.show_of(Shape(item)) if kind == "episodes" else None].append(item)
        for key, some in by_show.items():
            if key is None:
                self._loose.append((name, kind, some))
            else:
                self._shelve(name, key, kind, some)

    def _shelve(self, name, key, kind, items):
        self._rows += len(items)
        if self._rows > _MOST_ROWS:
            raise CannotLoadError([f"{name}: more than {_MOST_ROWS:,} rows at once are too many."])
        shelf = self.shows[key]
        take = getattr(self, f"_take_{kind}")
        for place, item in enumerate(items, start=1):
            at = f"{name}: show {key}, {_place(kind, item, place)}"
            try:
                take(shelf, Shape(item))
            except FormError as error:
                self.problems.append(f"{at}: {error.why}")

    @staticmethod
    def _take_seasons(shelf, shape):
        season = reading.season(shape)
        _keep(shelf.seasons, season.number, season)

    @staticmethod
    def _take_episodes(shelf, shape):
        episode = reading.episode(shape)
        _keep(shelf.episodes, episode.id, episode)

    @staticmethod
    def _take_cast(shelf, shape):
        part, person, character = reading.part(shape)
        _keep(shelf.people, person.id, person)
        if character:
            _keep(shelf.characters, character.id, character)
        shelf.parts[part] = None

    @staticmethod
    def _take_crew(shelf, shape):
        work, person = reading.work(shape)
        _keep(shelf.people, person.id, person)
        shelf.works[work] = None

    def _read(self, name, what, read, shape):
        try:
            return read(shape)
        except FormError as error:
            self.problems.append(f"{name}: {what}{shape.mark()}: {error.why}")


def _refuse_error(shape):
    """What TVmaze answers in place of what it does not have, or when it is asked too much."""
    if shape.has("status") and shape.has("message", "code") and not shape.has("id"):
        told = [shape.text(name, 200) for name in ("name", "message")]
        words = ": ".join(word for word in told if isinstance(word, str))
        raise FormError(
            f"this is an error of TVmaze, {shown(words)}, in place of what was asked for. Save the "
            "answer of an address that exists."
        )


def _kind_of(item):
    shape = Shape(item)
    if shape.has("person"):
        return "cast" if shape.has("character") else "crew"
    if shape.has("season"):
        return "episodes"
    if shape.has("premiereDate", "episodeOrder", "endDate"):
        return "seasons"
    raise FormError(f"its items are not episodes, seasons, cast or crew. {_WHAT_IS_READ}")


_ONE_OF = {"seasons": "season", "episodes": "episode", "cast": "cast", "crew": "crew"}


def _place(kind, item, place):
    """How messages name an item: by its id, or by its place in the list."""
    mark = Shape(item).mark("number" if kind == "seasons" else "id") if _is_object(item) else ""
    return f"{_ONE_OF[kind]}{mark}" if mark else f"{_ONE_OF[kind]} no. {place} of the list"


def _is_object(item):
    return isinstance(item, dict)
