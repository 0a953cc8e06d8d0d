"""What a person can choose once and for all: declared here, and here alone. Imports no Qt.

The settings page and `holdfast settings` are made from the declarations; both keep their values through `core.keeping`.
Their words are English here, and looked up where they are shown: programs read them, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from app import words
from app.words import marked
from core import keeping
from core.history.limits import DOCUMENT, KEEP_DAYS, KEEP_SIZE

Value = bool | int | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; its type is that of its default. `choices`: for a text, each value it can have and its words."""

    name: str
    group: str
    label: str
    meaning: str
    default: Value
    choices: tuple[tuple[str, str], ...] = ()

    def read(self, raw: object) -> Value:
        """Return a kept value, or the default where what is kept is none."""
        if isinstance(self.default, tuple):
            return tuple(map(str, raw)) if isinstance(raw, list | tuple) else self.default
        if not isinstance(raw, bool | int | str) or type(raw) is not type(self.default):
            return self.default
        return raw if not self.choices or raw in dict(self.choices) else self.default

    def parse(self, words: list[str]) -> Value:
        """Return a value as it is typed on a command line. Raises ValueError with what would be possible."""
        if isinstance(self.default, tuple):
            return tuple(words)
        word = words[0] if len(words) == 1 else ""
        possible = [value for value, __ in self.choices] or ["on", "off"]
        if word not in possible:
            raise ValueError(", ".join(possible))
        return word if self.choices else word == "on"


LOOK, SEARCHES, FILES, LEFTOVERS, WINDOW = (
    marked("Look"),
    marked("New searches"),
    marked("Files"),
    marked("Leftovers"),
    marked("Window"),
)
KEPT = marked("Previous versions")

ALL = (
    Setting(
        "language",
        LOOK,
        marked("Language"),
        marked("Of the window and of the command line, from the next start on."),
        words.SYSTEM,
        ((words.SYSTEM, marked("Like the system")), *words.NAMES.items()),
    ),
    Setting(
        "theme",
        LOOK,
        marked("Theme"),
        marked("High contrast keeps every text at seven to one or more."),
        "system",
        (
            ("system", marked("Like the system")),
            ("light", marked("Light")),
            ("dark", marked("Dark")),
            ("contrast", marked("High contrast")),
        ),
    ),
    Setting(
        "reduced_motion",
        LOOK,
        marked("Reduce motion"),
        marked("Menus open at once, and the text cursor does not blink."),
        False,
    ),
    Setting(
        "search_gitignore",
        SEARCHES,
        marked("Leave out what .gitignore names"),
        marked("So that what was built, and what was downloaded, stays as it is."),
        True,
    ),
    Setting(
        "search_hidden",
        SEARCHES,
        marked("Search hidden files"),
        marked("Files and folders that begin with a dot."),
        False,
    ),
    Setting(
        "search_ignore_case",
        SEARCHES,
        marked("Ignore case"),
        marked("Upper and lower case are the same, in a search you begin."),
        False,
    ),
    Setting(
        "guard",
        FILES,
        marked("Guard formats"),
        marked("An edit after which JSON, TOML, YAML, XML, CSV, INI or Python cannot be parsed any more is a problem."),
        True,
    ),
    Setting(
        "links",
        FILES,
        marked("Files with other names"),
        marked("What happens to a file with hard links when it gets new content."),
        "refuse",
        (
            ("refuse", marked("Say so, and wait for a decision")),
            ("split", marked("Let the other names keep the old content")),
            ("keep", marked("Write into the file itself")),
        ),
    ),
    Setting(
        "times",
        FILES,
        marked("Time of a changed file"),
        marked("Programs that build things look at it to see what is new."),
        "new",
        (("new", marked("When it was changed")), ("keep", marked("As before"))),
    ),
    Setting(
        KEEP_DAYS,
        KEPT,
        marked("Keep them for"),
        marked("That long a batch can be undone. What is older is dropped after the next batch, unless it is pinned."),
        "30",
        (
            ("7", marked("7 days")),
            ("30", marked("30 days")),
            ("90", marked("90 days")),
            ("365", marked("a year")),
            ("0", marked("good")),
        ),
    ),
    Setting(
        KEEP_SIZE,
        KEPT,
        marked("Keep at most"),
        marked("Beyond that the oldest are dropped first, never the newest and what is pinned."),
        "0",
        (("0", marked("all of them")), ("1", marked("1 GiB")), ("10", marked("10 GiB")), ("100", marked("100 GiB"))),
    ),
    Setting(
        "watched",
        LEFTOVERS,
        marked("Watched folders"),
        marked("Where the Leftovers page looks for what crashes leave behind, as soon as the page is opened."),
        (),
    ),
    Setting(
        "restore_session",
        WINDOW,
        marked("Continue where I was"),
        marked("The batch that was queued is there at the next start."),
        True,
    ),
    Setting(
        "notify",
        WINDOW,
        marked("Tell me when a long batch ends"),
        marked("With a notification of the desktop, when the window is not in front."),
        True,
    ),
)
_BY_NAME = {setting.name: setting for setting in ALL}


def named(name: str) -> Setting:
    """Return a setting. Raises KeyError."""
    return _BY_NAME[name]


def groups() -> dict[str, list[Setting]]:
    """Return all settings by group, in the order in which they are shown."""
    found: dict[str, list[Setting]] = {}
    for setting in ALL:
        found.setdefault(setting.group, []).append(setting)
    return found


class Settings:
    """The values in force. `state`: the state directory, None for the usual one."""

    def __init__(self, state: str | None = None) -> None:
        self._state = state
        kept = keeping.kept_document(DOCUMENT, state=state)
        self._values = {one.name: one.read(kept[one.name]) for one in ALL if one.name in kept}

    def get(self, name: str) -> Value:
        """Return a value, the default where none was chosen."""
        return self._values.get(name, named(name).default)

    def is_on(self, name: str) -> bool:
        """Whether something is chosen."""
        return self.get(name) is True

    def text(self, name: str) -> str:
        """Return a chosen text."""
        return str(self.get(name))

    def paths(self, name: str) -> list[str]:
        """Return chosen paths."""
        value = self.get(name)
        return list(value) if isinstance(value, tuple) else []

    def set(self, name: str, value: Value) -> None:
        """Choose a value and keep it; a default is not kept, so that a later default counts. Raises OSError."""
        self._values[name] = value
        chosen = {key: value for key, value in self._values.items() if value != named(key).default}
        keeping.keep(DOCUMENT, dict(chosen), state=self._state)


def file_defaults(settings: Settings) -> dict[str, object]:
    """Return what operations on contents say about files, where it is not what a plan means anyway."""
    chosen: dict[str, object] = {}
    for name in ("links", "times"):
        if settings.get(name) != named(name).default:
            chosen[name] = settings.get(name)
    if not settings.is_on("guard"):
        chosen["guard"] = False
    return chosen


def search_defaults(settings: Settings) -> dict[str, object]:
    """Return how a new search is meant, as a plan file says it."""
    chosen = file_defaults(settings)
    if not settings.is_on("search_gitignore"):
        chosen["gitignore"] = False
    for name in ("hidden", "ignore_case"):
        if settings.is_on(f"search_{name}"):
            chosen[name] = True
    return chosen
