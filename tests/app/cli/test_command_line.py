"""The command line as scripts see it: what it prints where, its exit code, and the files afterwards."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from tests.support import stopping
from tests.support.commands import EDIT, Terminal, holdfast, write_plan
from tests.support.failing import FailingFileSystem
from tests.support.interrupted import Moment, interrupt
from tests.support.work import Json, Work


@pytest.fixture
def plan(work: Work, tmp_path: Path) -> Path:
    """A plan of one edit, beside the tree; relative paths start there."""
    work.write({"file": "old\n"})
    return write_plan(work, EDIT)


def test_preview_shows_a_diff_and_writes_nothing(work: Work, plan: Path) -> None:
    before = work.snapshot()

    ran = holdfast("preview", str(plan))

    assert (ran.code, ran.err) == (0, "")
    assert "-old\n+new\n" in ran.out
    assert work.snapshot() == before


def test_a_diff_has_the_bytes_of_the_file_whatever_its_encoding(work: Work) -> None:
    work.write({"file": b"caf\xe9 old\n"})

    out = holdfast("preview", str(write_plan(work, EDIT))).out

    assert b"-caf\xe9 old\n+caf\xe9 new\n" in out.encode("utf-8", "surrogateescape")


def test_preview_counts_files_and_matches(work: Work, plan: Path) -> None:
    ran = holdfast("preview", "--stat", str(plan))

    assert ran.out.splitlines()[-1] == "1 file, 1 match"


def test_preview_of_what_is_no_text_gives_sizes_and_digests(work: Work) -> None:
    work.write({"binary": b"\0old"})
    plan = write_plan(work, {"op": "replace", "path": "binary", "base64": "AG5ldw=="})

    out = holdfast("preview", str(plan)).out

    assert re.search(r"4 bytes [0-9a-f]{64} -> 4 bytes [0-9a-f]{64}", out)


def test_apply_says_how_many_files_it_changed(work: Work, plan: Path) -> None:
    ran = holdfast("apply", "--yes", str(plan))

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1 file changed")
    assert work.texts()["file"] == "new\n"


def test_apply_without_a_terminal_needs_yes(work: Work, plan: Path) -> None:
    ran = holdfast("apply", str(plan))

    assert ran.code == 2
    assert ran.err == "Nothing was changed. Without a terminal to ask on, apply needs --yes.\n"
    assert work.texts()["file"] == "old\n"


def test_a_plan_may_come_from_standard_input_and_starts_where_the_command_does(work: Work, plan: Path) -> None:
    text = plan.read_text()
    plan.unlink()

    assert holdfast("apply", "-", "--yes", stdin=text, cwd=work.tree).code == 0
    assert work.texts() == {"file": "new\n"}


def test_json_lines_end_with_the_outcome(work: Work, plan: Path) -> None:
    preview, applied = holdfast("preview", "--json", str(plan)), holdfast("apply", "--json", "--yes", str(plan))

    assert [event["event"] for event in preview.events] == ["change", "outcome"]
    assert preview.events[-1] | {"bytes": 0} == {
        "event": "outcome",
        "outcome": "preview",
        "files": 1,
        "matches": 1,
        "bytes": 0,
        "problems": 0,
    }
    assert applied.events[-1]["outcome"] == "committed"
    assert (applied.code, applied.events[-1]["files"]) == (0, 1)


def test_names_that_are_not_unicode_or_hold_a_line_end_survive_preview_json_and_apply(work: Work) -> None:
    name = b"caf\xe9\nmenu".decode("utf-8", "surrogateescape")
    work.write({name: "old\n"})
    plan = write_plan(work, {**EDIT, "path": name})

    preview, events = holdfast("preview", str(plan)), holdfast("preview", "--json", str(plan)).events
    applied = holdfast("apply", "--yes", str(plan))

    assert f'"a{work.tree}/caf\\351\\nmenu"' in preview.out
    assert events[0]["path"] == str(work.tree / name)
    assert (applied.code, work.texts()[name]) == (0, "new\n")


BAD_PLANS = {
    "not JSON": ("{", 2, "line 1"),
    "an unknown key": ('{"holdfast": 1,\n"operations": [\n{"op": "delete", "pth": "file"}]}', 2, "line 3: “pth”"),
    "a wrong type": ('{"holdfast": 1, "operations": {}}', 2, "“operations” is a list"),
}


@pytest.mark.parametrize("command", [["preview"], ["apply", "--yes"], ["apply", "--json"]])
@pytest.mark.parametrize("what", BAD_PLANS)
def test_what_is_no_plan_is_said_with_its_line_and_exits_2(
    work: Work, plan: Path, what: str, command: list[str]
) -> None:
    text, code, words = BAD_PLANS[what]
    plan.write_text(text)

    ran = holdfast(*command, str(plan))

    assert ran.code == code
    assert ran.err.startswith("Nothing was changed. ")
    assert words in ran.err
    assert "--json" not in command or ran.events[-1]["outcome"] == "bad_plan"
    assert work.texts()["file"] == "old\n"


def test_a_plan_that_is_not_there_and_one_that_is_a_pipe_exit_2(work: Work, plan: Path) -> None:
    os.mkfifo(work.tree / "pipe")

    for path in (work.tree / "nowhere", work.tree / "pipe", work.tree):
        ran = holdfast("apply", "--yes", str(path))
        assert ran.code == 2
        assert ran.err.startswith("Nothing was changed. ")
        assert "Traceback" not in ran.err


def test_all_problems_are_listed_at_once_each_with_operation_path_and_fix(work: Work, plan: Path) -> None:
    os.link(work.tree / "file", work.tree / "other name")
    os.mkfifo(work.tree / "pipe")
    operations: list[Json] = [EDIT, {**EDIT, "path": "nowhere"}, {**EDIT, "path": "pipe"}, {**EDIT, "path": "."}]
    write_plan(work, *operations)

    ran = holdfast("apply", "--yes", str(plan))

    assert ran.code == 1
    first, *problems = ran.err.splitlines()
    assert first == "Nothing was changed."
    assert [line.split(":")[0] for line in problems] == [f"operation {number}" for number in range(1, 5)]
    assert all(str(work.tree) in line and "To mend it: " in line for line in problems)
    events = holdfast("apply", "--yes", "--json", str(plan)).events
    assert [event["event"] for event in events] == ["problem"] * 4 + ["outcome"]
    assert events[-1]["outcome"] == "refused"


@pytest.mark.parametrize(("links", "code", "text"), [("refuse", 1, "old\n"), ("split", 0, "new\n")])
def test_links_says_what_to_do_about_a_file_with_other_names(
    work: Work, plan: Path, links: str, code: int, text: str
) -> None:
    os.link(work.tree / "file", work.tree / "other name")

    assert holdfast("apply", "--yes", "--links", links, str(plan)).code == code
    assert work.texts()["file"] == text
    assert work.texts()["other name"] == "old\n"


def test_a_file_that_changed_since_the_preview_is_refused(work: Work, plan: Path) -> None:
    write_plan(work, {**EDIT, "expect": "sha256:" + "0" * 64})

    ran = holdfast("apply", "--yes", str(plan))

    assert ran.code == 1
    assert "has changed since the preview" in ran.err


def test_no_undo_is_accepted(work: Work, plan: Path) -> None:
    assert holdfast("apply", "--yes", "--no-undo", str(plan)).code == 0


def test_arguments_that_make_no_sense_exit_2(plan: Path) -> None:
    for arguments in (["apply"], ["apply", "--what", str(plan)], ["recover", "--list", "--finish", "x"]):
        assert holdfast(*arguments).code == 2


def test_a_state_directory_that_cannot_be_made_is_said_and_nothing_is_changed(work: Work, plan: Path) -> None:
    for command in (["apply", "--yes", str(plan)], ["recover"], ["recover", "--list"]):
        ran = holdfast(*command, "--state-dir", str(work.tree / "file" / "state"))
        assert ran.code == 1
        assert ran.err.startswith("Nothing was changed. ")
        assert "Traceback" not in ran.err
    assert work.texts()["file"] == "old\n"


def test_whoever_stops_reading_the_output_does_no_harm(work: Work, plan: Path) -> None:
    work.write({"file": "old\n" * 100_000})
    command = f"{sys.executable} -m app preview {plan} | head -n 1"

    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")


def test_recover_has_nothing_to_do(state: Path) -> None:
    assert (holdfast("recover").code, holdfast("recover").out) == (0, "There is nothing to put right.\n")
    assert holdfast("recover", "--list").out == ""


def test_recover_lists_what_waits_and_puts_it_back(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    before = work.snapshot()

    listed, events = holdfast("recover", "--list"), holdfast("recover", "--list", "--json").events
    assert listed.out.startswith(killed.txn)
    assert "interrupted: 5 files" in listed.out
    assert (events[0]["event"], events[0]["txn"], events[0]["alive"]) == ("pending", killed.txn, False)
    assert work.snapshot() == before
    done = holdfast("recover", "--put-back", killed.txn)

    assert (done.code, done.out) == (0, f"{killed.txn}: put back, 5 files as before.\n")
    assert work.texts() == {"one": "old one", "two": "old two", "sub/three": "old three"}


def test_recover_finishes_what_is_asked_to_be_finished(work: Work, state: Path) -> None:
    killed = interrupt(work, state)

    assert holdfast("recover", "--finish", killed.txn).code == 0
    assert work.texts() == {"one": "new one", "three": "old three", "made/four": "new four"}


def test_recover_does_not_finish_over_somebody_s_newer_save(work: Work, state: Path) -> None:
    killed = interrupt(work, state, Moment.PREPARED)
    (work.tree / "one").write_text("typed since")

    ran = holdfast("recover", "--finish", killed.txn)

    assert ran.code == 3
    assert "needs attention" in ran.out
    assert "Nothing is lost" in ran.out
    assert holdfast("recover").code == 0
    assert work.texts() == {"one": "typed since", "two": "old two", "sub/three": "old three"}


@pytest.mark.parametrize("option", ["--put-back", "--finish"])
def test_an_id_that_no_batch_has_exits_1_and_claims_nothing(state: Path, option: str) -> None:
    ran = holdfast("recover", option, "aaaaaaaaaa")

    assert (ran.code, ran.out) == (1, "Nothing was changed. No interrupted batch is called aaaaaaaaaa.\n")


def test_what_cannot_be_put_right_exits_3_and_says_why(work: Work, state: Path, tmp_path: Path) -> None:
    interrupt(work, state)
    work.tree.rename(tmp_path / "away")

    ran = holdfast("recover", "--json")

    assert ran.code == 3
    assert [event["event"] for event in ran.events] == ["recovered", "outcome"]
    assert (ran.events[0]["code"], ran.events[1]["exit"]) == ("elsewhere", 3)


def test_apply_exits_3_when_the_disk_does_not_let_it_put_everything_back(work: Work, plan: Path, state: Path) -> None:
    """Until the disk works again; then `recover` does it."""
    codes = set()
    for point in count(1):
        fs = FailingFileSystem(point, errno.EIO, for_good=True)
        code = stopping.run(["apply", "--yes", str(plan)], fs)  # type: ignore[arg-type]
        codes.add(code)
        if code == 0:
            break
        recovered = holdfast("recover")
        assert recovered.code == 0
        # Where COMMIT is on the disk and the disk took no mark that it is not to be believed, it is finished.
        assert work.texts()["file"] == ("new\n" if "finished, 1 file changed" in recovered.out else "old\n")
        work.write({"file": "old\n"})
    assert codes == {0, 1, 3}
    assert work.texts()["file"] == "new\n"


def test_apply_puts_an_interrupted_batch_back_first(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    plan = write_plan(work, {**EDIT, "path": "one"})

    ran = holdfast("apply", "--yes", str(plan))

    assert ran.code == 0
    assert ran.err == f"An interrupted batch was put back first ({killed.txn}).\n"
    assert work.texts()["one"] == "new one"
    assert work.texts()["two"] == "old two"


def test_doctor_says_what_a_place_can_promise(work: Work, state: Path) -> None:
    ran = holdfast("doctor", "--json", str(work.tree), str(work.tree / "nowhere"))

    found = {event["event"]: event for event in ran.events}
    place = found["place"]
    assert ran.code == 1
    assert found["machine"]["state"] == str(state)
    assert (found["state"]["error"], found["state"]["waiting"]) == ("", 0)
    assert (place["path"], place["writable"]) == (str(work.tree), True)
    assert "nowhere" in ran.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_the_plan_is_read_changes_nothing(work: Work, number: signal.Signals) -> None:
    """Sent again and again from the very start, as somebody who is in a hurry does."""
    work.write({f"file{part}": "old\n" * 200_000 for part in range(40)})
    before = work.texts()
    plan = write_plan(work, *({**EDIT, "path": f"file{part}"} for part in range(40)))
    engine = subprocess.Popen([sys.executable, "-m", "app", "apply", "--yes", str(plan)], stderr=subprocess.PIPE)
    time.sleep(0.4)
    while engine.poll() is None:
        engine.send_signal(number)
        time.sleep(0.002)
    _, err = engine.communicate()
    plan.unlink()

    assert engine.returncode == 128 + number, err
    assert err.startswith(b"Nothing was changed.")
    assert work.texts() == before


@pytest.mark.parametrize(("answer", "code", "text"), [("y\n", 0, "new\n"), ("n\n", 1, "old\n"), ("\n", 1, "old\n")])
def test_on_a_terminal_apply_asks(work: Work, plan: Path, answer: str, code: int, text: str) -> None:
    terminal = Terminal("apply", str(plan))
    terminal.wait_for("Apply? [y/N] ")
    assert "1 file will be changed" in terminal.seen
    assert "It can be undone for 30 days" in terminal.seen

    terminal.type(answer)

    assert terminal.end() == code
    assert work.texts()["file"] == text


def test_on_a_terminal_apply_shows_how_far_it_is(work: Work) -> None:
    work.write({f"file{part}": "old\n" * 500_000 for part in range(30)})
    plan = write_plan(work, *({**EDIT, "path": f"file{part}"} for part in range(30)))

    terminal = Terminal("apply", "--yes", str(plan))

    assert terminal.end() == 0
    assert re.search(r"Preparing new content: \d+ of 30 files, [\d.]+ MiB of 57\.2 MiB", terminal.seen)
    assert terminal.seen.rstrip().splitlines()[-1].endswith(" s.")
