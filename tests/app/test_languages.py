"""Every word for people can be said in another language, and German says all of them."""

from __future__ import annotations

import ast
import importlib.util
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.mofile import write_mo

from app import pseudo, reason_texts, words
from app.kind_texts import ALL as KINDS_OF_LEFTOVERS
from core.leftovers import kinds
from tests.support import inner
from tests.support.tried import Tried

ROOT = Path(__file__).parents[2]
OTHERS = sorted(set(words.NAMES) - {words.OWN})


def _languages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("languages", ROOT / "packaging" / "languages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["languages"] = module
    spec.loader.exec_module(module)
    return module


languages = _languages()

# Files that say nothing to people, each with its reason.
SILENT = {
    "app/bus.py": "names of D-Bus",
    "app/cli/completion.py": "what it makes is read by shells; what is said in that comes from the parsers",
    "app/cli/desktop.py": "names of files and keys of desktop entries, which have to be found again in any language",
    "app/cli/log.py": "the log is English",
    "app/cli/paint.py": "words of the diff format",
    "app/crash.py": "a report for developers",
    "app/engine.py": "words of the protocol",
    "app/program.py": "words of a command",
    "app/versions.py": "says its reasons in English; app.reason_texts has them",
    "app/pseudo.py": "letters, and their accents",
    "app/surroundings.py": "names of displays and packages, which programs read as well",
    "app/theme/theme.py": "style sheets and names of fonts",
    "app/theme/tokens.py": "colours and style sheets",
    "app/words.py": "the names of languages, each in its own",
}
# Single texts that look like words and are none, or are said elsewhere.
NO_WORDS = re.compile(
    r"""
      (Ctrl|Shift|Alt)\+.*                  # keys, which Qt says in its language
    | [A-Z][A-Z_]*(\.csv)?                  # what stands for a value in the usage of a command
    | FIND\ REPLACEMENT\ PATH
    | (LF|CRLF|CR)(\ \(\w+\))?|UTF-\d+(\ (LE|BE|BOM))?|Windows-125\d?|ISO\ 8859-15|JSON|CSV|Markdown  # names of formats
    | Shift-JIS|(EUC|KOI8)-\w+|GB\ 18030|Big5|Latin-1
    | Holdfast.*                            # our own name, with a version
    | Qt|Linux|macOS|Windows|Wayland|X11|PySide6-Essentials
    | \.[A-Z][a-z].*                        # mdoc, the language of manual pages
    | [A-Z]{2,}([ ][A-Z]+)*                 # its headings
    | (Ev|Sy|Fl|Ar|Cm|Nm|Er|Pp|Bl|Cc|Cf|Cs|Zl|Zp)  # its macros, and categories of Unicode
    | holdfast\ .*                          # commands as they are typed
    | \*\.py\ \*\.md|node_modules\ .*|/home/me/…
    """,
    re.VERBOSE,
)
_SAYING = {"_", "counted", "marked", "in_context"}
_FOR_PROGRAMS = {
    "emit",
    "note",
    "getattr",
    "setProperty",
    "setObjectName",
    "setStyleSheet",
    "QFont",
    "TypeVar",
    "strftime",
}


def looks_like_words(text: str) -> bool:
    """Whether a text has a blank between letters, or begins with a capital."""
    return bool(re.search(r"[A-Za-z]{2}", text)) and bool(
        re.match(r"&?[A-Z]", text) or re.search(r"[a-z,.] [A-Za-z]", text)
    )


def unsaid(source: str) -> Iterator[str]:
    """Yield what looks like words in a source and is not looked up."""
    tree = ast.parse(source)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not _is_excused(node, above):
            text = node.value.strip()
            if looks_like_words(text) and not NO_WORDS.fullmatch(text):
                yield text


def _is_excused(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether a text is looked up, is for programs, or is told to no one: docstrings, keys, comparisons, patterns."""
    inner: ast.AST = node
    while not isinstance(inner, ast.stmt):
        outer = above[inner]
        match outer:
            case ast.Call(func=ast.Name(id=name)) if name in _SAYING | _FOR_PROGRAMS:
                return True
            case ast.Call(func=ast.Attribute(attr=name)) if name in _FOR_PROGRAMS:
                return True
            case (
                ast.Call(func=ast.Attribute(value=ast.Name(id="re")))
                | ast.Compare()
                | ast.Subscript()
                | ast.MatchValue()
            ):
                return True
            case ast.Dict(keys=keys) if inner in keys:
                return True
            case ast.Expr() if inner is node:
                return True
            case ast.Assert():
                return True
        inner = outer
    return False


def test_every_text_that_looks_like_words_is_looked_up(tried: Tried) -> None:
    found = {}
    for path in sorted((ROOT / "app").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name not in SILENT and (said := list(unsaid(path.read_text()))):
            found[name] = said
        tried("modules in which every text is looked up")
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        'label("Nothing was changed.")',
        'output.say(f"{path} is no leftover.")',
        'menu.addAction("&Close", close)',
        '_WORDS = {Phase.CHECK: "Checking"}',
        'button(_("Add") + " more of it", act)',
    ],
)
def test_a_text_that_nobody_looks_up_is_found(line: str) -> None:
    assert list(unsaid(line))


def test_what_is_silent_is_still_there() -> None:
    assert [name for name in SILENT if not (ROOT / name).exists()] == []


def test_every_message_gets_the_values_that_stand_in_it() -> None:
    wrong = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "counted")
            ):
                continue
            texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            given = {one.arg for one in node.keywords} | ({"n"} if node.func.id == "counted" else set())
            wrong += [(path.name, text) for text in texts if not places(text) <= given | {None}]
            if texts and given - {"n"} - set().union(*map(places, texts)):
                wrong.append((path.name, f"too many: {texts[0]}"))
    assert wrong == []


def test_no_function_hides_what_looks_words_up() -> None:
    """`_` for what is not needed would hide it; `__` does not."""
    hiding = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                names = [one for one in ast.walk(function) if isinstance(one, ast.Name) and one.id == "_"]
                if len({type(one.ctx) for one in names}) > 1:
                    hiding.append(f"{path.name}: {function.name}")
    assert hiding == []


def places(text: str) -> set[str | None]:
    """Return the places in a message where values go: {name}, and argparse's own."""
    return set(re.findall(r"\{(\w+)\}", text)) | set(re.findall(r"%(?:\(\w+\))?[sr]", text))  # type: ignore[return-value]


# The catalogues.


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_exactly_what_the_sources_say(code: str) -> None:
    wanted = {(one.text, one.plural, one.context) for one in languages.said()}
    found = {_key(one) for one in languages.catalogue(code) if one.id}
    assert found - wanted == set(), "no longer said: run packaging/languages.py"
    assert wanted - found == set(), "not in the catalogue: run packaging/languages.py"


def _key(one: object) -> tuple[str, str, str]:
    text, plural = one.id if one.pluralizable else (one.id, "")  # type: ignore[attr-defined]
    return text, plural, one.context or ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_a_translation_for_everything(code: str, tried: Tried) -> None:
    found = languages.catalogue(code)
    assert languages.missing(found) == []
    tried(f"messages translated into {words.NAMES[code]}", len(found))
    for one in found:
        if not one.id:
            continue
        assert not one.fuzzy, one.id
        texts = one.id if one.pluralizable else (one.id,)
        given = one.string if one.pluralizable else (one.string,)
        assert len(given) == (found.num_plurals if one.pluralizable else 1), one.id
        wanted = set().union(*map(places, texts))
        for text in given:
            assert places(text) - {"n"} == wanted - {"n"}, f"other values than in the original: {text}"
            assert text.strip() == text or texts[0].strip() != texts[0], f"blanks around: {text!r}"
            assert text.endswith("…") is texts[0].endswith("…"), text
            assert bool(_mnemonics(text)) is bool(_mnemonics(texts[0])), f"a key to press: {text}"
            assert set(re.findall(r"--[a-z]+|`[^`]+`|\\\w", texts[0])) <= set(
                re.findall(r"--[a-z]+|`[^`]+`|\\\w", text)
            ), text


def _mnemonics(text: str) -> int:
    return len(re.findall(r"&\w", text.replace("&&", "")))


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_that_of_the_text(code: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, languages.updated(languages.catalogue(code)))
    assert languages.place(code).with_suffix(".mo").read_bytes() == compiled.getvalue(), "run packaging/languages.py"


@pytest.mark.parametrize("code", OTHERS)
def test_no_two_actions_of_a_menu_have_the_same_key(code: str) -> None:
    """Which messages are in one menu is read from the source, a function a menu."""
    found = languages.catalogue(code)
    for function in ast.walk(ast.parse((ROOT / "app" / "window" / "menus.py").read_text())):
        if not (isinstance(function, ast.FunctionDef) and function.name.startswith("_fill_")):
            continue
        texts = {one.text for one in languages.said_in(ast.unparse(function)) if "{" not in one.text}
        keys = [letter.lower() for text in texts for letter in re.findall(r"&(\w)", found.get(text).string)]
        menu_key = 1 if function.name != "_fill_view" else 2  # of the menu itself, and of the menu in it
        assert len(set(keys)) >= len(keys) - menu_key, f"{function.name}: {sorted(keys)}"


# What the core says in English.


def _reasons() -> Iterator[str]:
    """Yield the reasons that the core gives, with {} where a value stands."""
    for path in sorted((ROOT / "core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in ("BadPlan", "Finding", "BadPatch", "BadTemplate"):
                values = [one.value for one in node.keywords if one.arg == "reason"]
                values += node.args[:1] if _name(node.func) in ("BadPatch", "BadTemplate") else []
                yield from (text for value in values for text in _alternatives(value))


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _alternatives(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in parts)
        case ast.IfExp(body=first, orelse=second):
            yield from _alternatives(first)
            yield from _alternatives(second)
        case ast.BinOp(left=first):
            yield from (f"{text}7" for text in _alternatives(first))


def test_every_reason_of_the_core_is_known(tried: Tried) -> None:
    found = sorted(set(_reasons()))
    tried("reasons of the core that can be said in another language", len(found))
    assert len(found) > 40
    patterns = [pattern for pattern, _ in reason_texts._patterns()]
    assert [text for text in found if not any(pattern.fullmatch(text) for pattern in patterns)] == []


def test_every_kind_of_leftover_can_be_said() -> None:
    meanings = {line[4] for line in kinds.KINDS} | {line[3] for line in kinds.FOLDERS}
    assert meanings - set(KINDS_OF_LEFTOVERS) == set()


# How it sounds.


def said(code: str, *arguments: str, **environment: str) -> str:
    names = {"LC_ALL": "C.UTF-8", "LANGUAGE": code, **environment}
    command = [sys.executable, "-m", "app", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | names, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_the_command_line_speaks_the_language_of_the_environment() -> None:
    assert "Es wurde noch kein Stapel angewendet." in said("de", "history")
    assert "Es wurde noch kein Stapel angewendet." in said("", "history", LC_ALL="de_AT.UTF-8")
    assert "Es wurde noch kein Stapel angewendet." in said("de_CH:fr", "history")
    assert "No batch has been applied yet." in said("fr:en:de", "history")
    assert "Argumente:" in said("de", "apply", "--help")
    assert "diese Argumente werden gebraucht: plan" in said("de", "apply")


def test_a_language_that_was_chosen_counts_for_more_than_the_environment() -> None:
    said("en", "settings", "language", "de")
    assert "Es wurde noch kein Stapel angewendet." in said("en", "history")
    said("en", "settings", "language", "--default")
    assert "No batch has been applied yet." in said("en", "history")


def test_what_programs_read_is_in_no_language(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"holdfast": 1, "operations": [{"op": "edit"}]}')
    for arguments in (("apply", "--json", str(plan)), ("settings", "--json"), ("doctor", "--json", str(tmp_path))):
        lines = [[one for one in said(code, *arguments).splitlines() if one.startswith("{")] for code in ("en", "de")]
        assert lines[0] and lines[0] == lines[1]


def test_reasons_are_said_again_in_the_language(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"holdfast": 1, "operations": [\n{"op": "edit"}]}')
    assert "lässt sich nicht als Plan lesen: Zeile 2: „path“ fehlt." in said("de", "apply", str(plan))
    assert "Datei oder Ordner nicht gefunden" in said("de", "apply", f"{tmp_path}/none")


FIGURES = """
from app import words
print(words.use(%r), words.number(1234567), words.number(0.5, 1), words.size(1536), words.day(86400 * 365),
      words.counted(1, "{n} file", "{n} files"), words.counted(2000, "{n} file", "{n} files"))
"""


def figures(chosen: str, **environment: str) -> str:
    names = {"PATH": os.environ["PATH"], "TZ": "UTC", **environment}
    done = subprocess.run([sys.executable, "-c", FIGURES % chosen], cwd=ROOT, env=names, capture_output=True, text=True)
    return done.stdout.strip() + done.stderr


def test_figures_are_written_as_the_language_writes_them() -> None:
    assert figures("system", LANG="C.UTF-8") == "en 1,234,567 0.5 1.5 KiB 1971-01-01 1 file 2,000 files"
    assert figures("system", LANG="de_DE.UTF-8") == "de 1.234.567 0,5 1,5 KiB 01.01.1971 1 Datei 2.000 Dateien"
    assert figures("de", LANG="C.UTF-8") == "de 1.234.567 0,5 1,5 KiB 01.01.1971 1 Datei 2.000 Dateien"


def test_the_pseudo_language_keeps_what_is_to_be_filled_in_or_typed() -> None:
    assert pseudo.pseudo("Remove {path} with `rm --all`") == "[Rémøvé {path} wîth `rm --all`~~~~]"
    assert pseudo.pseudo("{files} · {size}") == "{files} · {size}"


# The window.


@pytest.mark.parametrize("code", [pseudo.CODE, *(pytest.param(code, marks=pytest.mark.full) for code in OTHERS)])
def test_the_window_is_whole_in_another_language(code: str) -> None:
    """The tests of `in_another_language` run in a process of their own, which speaks it from its start."""
    inner.run(Path(__file__).with_name("in_another_language.py"), HOLDFAST_TEST_LANGUAGE=code)


def test_the_manual_has_no_english_in_its_usage() -> None:
    code = "from app import words; words.use('de'); from app.cli import manual; print('\\n'.join(manual.page()))"
    page = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout

    assert "Aufruf" not in page
    assert "usage:" not in page
    assert "holdfast plan [Optionen] FIND REPLACEMENT PATH..." in page.replace("\\-", "-")
