"""`holdfast settings`: shows and changes what the settings page shows."""

from __future__ import annotations

import argparse

from app import texts
from app.cli import output
from app.settings import ALL, Setting, Settings, Value, named
from app.words import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("name", nargs="?", choices=[one.name for one in ALL], metavar="NAME", help=_("only this one"))
    parser.add_argument("value", nargs="*", metavar="VALUE", help=_("its new value; “on” or “off”, a word, or paths"))
    parser.add_argument("--default", action="store_true", help=_("give it its default again"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))


def run(options: argparse.Namespace) -> int:
    """Show or change settings; 0, or 2 for a value that makes no sense."""
    settings = Settings(options.state_dir)
    if options.name is None:
        for one in ALL:
            _show(one, settings.get(one.name), as_json=options.json)
        return 0
    setting = named(options.name)
    if options.default:
        settings.set(setting.name, setting.default)
    elif options.value:
        try:
            settings.set(setting.name, setting.parse(options.value))
        except ValueError as error:
            output.complain(_("Nothing was changed. “{name}” can be: {error}.", name=setting.name, error=error))
            return 2
    _show(setting, settings.get(setting.name), as_json=options.json)
    return 0


def _show(setting: Setting, value: Value, *, as_json: bool) -> None:
    if as_json:
        output.emit("setting", name=setting.name, value=value, default=setting.default, meaning=setting.meaning)
        return
    output.say(f"{setting.name} = {_words(value)}")
    output.say(f"    {_(setting.label)}. {_(setting.meaning)}")


def _words(value: Value) -> str:
    if isinstance(value, tuple):
        return " ".join(map(texts.shown, value)) or _("nothing")
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
