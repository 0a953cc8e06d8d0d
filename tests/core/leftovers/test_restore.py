"""Restoring is a batch: the original gets the content, keeps what is its own, and nothing else is touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from core import api, cleaning
from core.api import Committed, RolledBack
from core.errors import HoldfastError, ProblemCode
from core.fs import files
from core.leftovers.restore import Missing, NotRestorable
from tests.support.work import Work


def restore(work: Work, leftover: str, original: str, **how: object) -> api.Outcome:
    """Restore and apply."""
    operations = cleaning.restore(str(work.tree / leftover), str(work.tree / original), **how)  # type: ignore[arg-type]
    return work.apply(*operations)


def test_the_original_gets_the_content_and_the_leftover_stays(work: Work) -> None:
    work.write({"a": "broken", "a.bak": "good"})
    (work.tree / "a").chmod(0o640)
    (work.tree / "a.bak").chmod(0o600)
    assert isinstance(restore(work, "a.bak", "a"), Committed)
    assert work.texts() == {"a": "good", "a.bak": "good"}
    assert stat.S_IMODE((work.tree / "a").stat().st_mode) == 0o640


def test_the_leftover_goes_in_the_same_batch_if_asked(work: Work) -> None:
    work.write({"a": "broken", "a.bak": "good"})
    assert isinstance(restore(work, "a.bak", "a", remove=True), Committed)
    assert work.texts() == {"a": "good"}


def test_an_original_that_is_gone_is_made_anew(work: Work) -> None:
    work.write({"a.bak": "good"})
    assert isinstance(restore(work, "a.bak", "a"), Committed)
    assert work.texts() == {"a": "good", "a.bak": "good"}


def test_an_original_that_is_made_anew_is_no_more_readable_than_the_leftover(work: Work) -> None:
    work.write({"key.bak": "secret", "run.sh.bak": "echo"})
    (work.tree / "key.bak").chmod(0o600)
    (work.tree / "run.sh.bak").chmod(0o755)
    restore(work, "key.bak", "key")
    restore(work, "run.sh.bak", "run.sh")
    assert [stat.S_IMODE((work.tree / name).stat().st_mode) for name in ("key", "run.sh")] == [0o600, 0o755]


def test_an_only_copy_that_is_not_to_stay_gets_its_old_name_back_with_all_it_has(work: Work) -> None:
    work.write({"secret~": "good"})
    (work.tree / "secret~").chmod(0o600)
    inode = (work.tree / "secret~").stat().st_ino
    assert isinstance(restore(work, "secret~", "secret", remove=True), Committed)
    assert work.texts() == {"secret": "good"}
    now = (work.tree / "secret").stat()
    assert (now.st_ino, stat.S_IMODE(now.st_mode)) == (inode, 0o600)


@pytest.mark.parametrize("remove", [False, True])
@pytest.mark.parametrize("is_there", [False, True])
def test_names_that_are_not_utf8_are_restored_as_they_are(work: Work, *, is_there: bool, remove: bool) -> None:
    original = os.fsencode(work.tree) + b"/caf\xe9\n.txt"
    Path(os.fsdecode(original + b".bak")).write_text("good")
    if is_there:
        Path(os.fsdecode(original)).write_text("broken")
    operations = cleaning.restore(os.fsdecode(original + b".bak"), os.fsdecode(original), remove=remove)
    assert isinstance(work.apply(*operations), Committed)
    assert Path(os.fsdecode(original)).read_text() == "good"
    assert os.path.exists(original + b".bak") is not remove


def test_an_original_that_is_not_the_one_that_was_looked_at_is_a_problem(work: Work) -> None:
    work.write({"a": "looked at", "a.bak": "good"})
    expect = f"sha256:{files.digest(b'looked at')}"
    operations = cleaning.restore(str(work.tree / "a.bak"), str(work.tree / "a"), expect=expect)
    assert work.problems(*operations) == []
    work.write({"a": "saved meanwhile"})
    assert work.problems(*operations) == [(0, ProblemCode.CHANGED)]


def test_a_leftover_that_changes_after_the_preview_changes_nothing(work: Work) -> None:
    work.write({"a": "broken", "a.bak": "good"})
    plan = work.plan(*cleaning.restore(str(work.tree / "a.bak"), str(work.tree / "a"), remove=True))
    work.write({"a.bak": "better"})
    assert isinstance(api.apply(plan), RolledBack)
    assert work.texts() == {"a": "broken", "a.bak": "better"}


@pytest.mark.parametrize("name", [".a.swp", ".#a", "a.rej", "a-wal", ".~hf-abcdefghij-0", "a.part", "a", ".git/a.bak"])
def test_what_is_no_version_of_a_file_cannot_take_its_place(work: Work, name: str) -> None:
    work.write({"a": "fine", name: "something else"})
    with pytest.raises(NotRestorable):
        cleaning.restore(str(work.tree / name), str(work.tree / "a"))


def test_a_leftover_that_is_gone_is_missing(work: Work) -> None:
    with pytest.raises(Missing) as caught:
        cleaning.restore(str(work.tree / "a.bak"), str(work.tree / "a"))
    assert isinstance(caught.value, HoldfastError)


def test_a_link_with_a_leftovers_name_is_not_restored_from(work: Work) -> None:
    work.write({"a": "fine", "secret": "s"})
    (work.tree / "a.bak").symlink_to("secret")
    with pytest.raises(NotRestorable):
        cleaning.restore(str(work.tree / "a.bak"), str(work.tree / "a"))


def test_a_folder_that_became_a_symlink_after_the_preview_is_refused(work: Work, tmp_path: Path) -> None:
    work.write({"sub/a": "broken", "sub/a.bak": "good"})
    plan = work.plan(*cleaning.restore(str(work.tree / "sub/a.bak"), str(work.tree / "sub/a"), remove=True))
    (work.tree / "sub").rename(tmp_path / "elsewhere")
    (work.tree / "sub").symlink_to(tmp_path / "elsewhere")
    assert not isinstance(api.apply(plan), Committed)
    assert (tmp_path / "elsewhere/a").read_text() == "broken"
    assert (tmp_path / "elsewhere/a.bak").read_text() == "good"


def test_a_folder_that_is_a_symlink_only_while_the_preview_is_made_is_noticed(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.write({"sub/a": "broken", "sub/a.bak": "good"})
    Work(tmp_path / "elsewhere").write({"a": "not meant", "a.bak": "not meant either"})
    one = cleaning.look(str(work.tree / "sub/a.bak"))
    assert one is not None
    real = api.evaluate

    def meanwhile(*arguments: object, **how: object) -> api.Plan:
        (work.tree / "sub").rename(tmp_path / "away")
        (work.tree / "sub").symlink_to(tmp_path / "elsewhere")
        plan = real(*arguments, **how)  # type: ignore[arg-type]
        (work.tree / "sub").unlink()
        (tmp_path / "away").rename(work.tree / "sub")
        return plan

    monkeypatch.setattr(api, "evaluate", meanwhile)
    with pytest.raises(Missing):
        cleaning.restore_plan(one, cleaning.goal(one))


@pytest.mark.parametrize("remove", [False, True])
def test_an_original_that_is_a_symlink_is_restored_where_it_is(work: Work, *, remove: bool) -> None:
    work.write({"real/a": "broken", "a.bak": "good"})
    (work.tree / "a").symlink_to("real/a")
    one = cleaning.look(str(work.tree / "a.bak"))
    assert one is not None
    assert isinstance(api.apply(cleaning.restore_plan(one, cleaning.goal(one), remove=remove)), Committed)
    assert (work.tree / "real/a").read_text() == "good"
    assert (work.tree / "a").is_symlink()
    assert (work.tree / "a.bak").exists() is not remove
