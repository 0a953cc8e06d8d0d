"""Words for people, in their language, and figures the way it writes them. Knows the languages that are in `resources`.

What is kept, logged or read by programs is English and never goes through here. `use` has to come before the modules
with tables of words are imported: they look their words up once. Whoever never calls it, such as a script on `core.api`,
gets English.
"""

from __future__ import annotations

import gettext
import locale
import os
import time
from dataclasses import dataclass

import resources
from app import pseudo

DOMAIN = "holdfast"
FOLDER = os.path.join(os.path.dirname(resources.__file__), "languages")
OWN = "en"  # what the words are written in
SYSTEM = "system"
NAMES = {OWN: "English", "de": "Deutsch"}


@dataclass(frozen=True, slots=True)
class Formats:
    """How figures are written; `day` as `time.strftime` takes it."""

    thousands: str
    decimal: str
    day: str


_code = OWN
_catalogue = gettext.NullTranslations()
_formats = Formats(",", ".", "%Y-%m-%d")


def use(chosen: str = SYSTEM) -> str:
    """Take a language, or the one that the environment asks for, and return its code.

    One that was chosen brings its formats along; else those of LC_NUMERIC and LC_TIME count, where the system has them.
    """
    global _code, _catalogue, _formats  # noqa: PLW0603 - one process speaks one language
    code = asked() if chosen == SYSTEM else chosen
    if code == pseudo.CODE:
        _catalogue = pseudo.Pseudo()
    elif code in NAMES and code != OWN:
        _catalogue = gettext.translation(DOMAIN, FOLDER, [code])
    else:
        code, _catalogue = OWN, gettext.NullTranslations()
    _code = code
    os.environ["LANGUAGE"] = code  # for argparse, which looks for itself, and for the processes that are started
    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)
    sample = _("1,234.5")
    of_language = Formats(sample[1], sample[-2], _("%Y-%m-%d"))
    _formats = of_language if chosen != SYSTEM else _of_system(of_language)
    return code


def spoken() -> str:
    """Return the code of the language that is spoken."""
    return _code


def asked() -> str:
    """Return the code of the first language that the environment asks for and that is known; English if there is none."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        for wanted in filter(None, os.environ.get(variable, "").split(":")):
            code = wanted.partition(".")[0].partition("@")[0]
            if code == pseudo.CODE or code in NAMES:
                return code
            if code.partition("_")[0] in NAMES:
                return code.partition("_")[0]
            if code in ("C", "POSIX"):
                return OWN
        if os.environ.get(variable):
            break
    return OWN


def _of_system(otherwise: Formats) -> Formats:
    """Return the formats of LC_NUMERIC and LC_TIME. C names no country, and not every locale is installed."""
    found, day = otherwise, otherwise.day
    before = {kind: locale.setlocale(kind) for kind in (locale.LC_NUMERIC, locale.LC_TIME)}
    try:
        if not _is_plain(locale.setlocale(locale.LC_NUMERIC, "")):
            figures = locale.localeconv()
            found = Formats(str(figures["thousands_sep"]), str(figures["decimal_point"]), day)
        if not _is_plain(locale.setlocale(locale.LC_TIME, "")) and hasattr(locale, "D_FMT"):
            found = Formats(found.thousands, found.decimal, locale.nl_langinfo(locale.D_FMT))
    except locale.Error:
        return otherwise
    finally:
        for kind, name in before.items():
            locale.setlocale(kind, name)
    return found


def _is_plain(name: str) -> bool:
    return name.partition(".")[0] in ("C", "POSIX")


def _(message: str, /, **values: object) -> str:
    """Return a message in the language, with values in the place of its {names}; numbers are written its way."""
    return _filled(_catalogue.gettext(message), values)


def counted(number: int, one: str, many: str, /, **values: object) -> str:
    """Return a message about a number of things, which is {n} in it, in the form that the language has for that number."""
    return _filled(_catalogue.ngettext(one, many, number), {"n": number, **values})


def in_context(context: str, message: str) -> str:
    """Return a message that would mean something else elsewhere; `context` is for translators."""
    return _catalogue.pgettext(context, message)


def marked(message: str) -> str:
    """Return a message as it is, to be looked up when it is shown: for what is compared or kept in English."""
    return message


def _filled(text: str, values: dict[str, object]) -> str:
    return text.format_map({key: _figure(value) for key, value in values.items()}) if values else text


def _figure(value: object) -> object:
    if isinstance(value, float):
        return number(value, 1)
    return number(value) if isinstance(value, int) and not isinstance(value, bool) else value


def number(value: float, digits: int = 0) -> str:
    """Return a number with that many digits behind the decimal mark."""
    text = f"{value:,.{digits}f}"
    return text.translate({ord(","): _formats.thousands, ord("."): _formats.decimal})


def percent(share: float) -> str:
    """Return a share of 1 as so many of a hundred."""
    return _("{number}%", number=number(100 * share, 1))


def size(bytes_: float) -> str:
    """Return a number of bytes."""
    if bytes_ < 1024:
        return counted(round(bytes_), "{n} byte", "{n} bytes")
    if bytes_ < 1 << 20:
        return _("{number} KiB", number=number(bytes_ / (1 << 10), 1))
    if bytes_ < 1 << 30:
        return _("{number} MiB", number=number(bytes_ / (1 << 20), 1))
    return _("{number} GiB", number=number(bytes_ / (1 << 30), 1))


def day(seconds: float) -> str:
    """Return a day, from seconds since 1970."""
    return time.strftime(_formats.day, time.localtime(seconds))


def moment(seconds: float) -> str:
    """Return a day and the time of day."""
    return f"{day(seconds)} {time.strftime('%H:%M', time.localtime(seconds))}"
