"""EXEC-004 as its pattern document writes it: its three tests and all its examples, unchanged."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.patterns.exec001 import TypeSafeFileHandler
from core.patterns.exec002 import BatchExecutor, Operation, OperationType
from core.patterns.exec004 import AtomicBatch, AtomicFileOp, atomic_transaction, atomic_write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The examples use relative paths."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# the pattern's tests


def test_atomic_write_success(tmp_path):
    """Test EXEC-004: Successful atomic write"""
    test_file = tmp_path / "test.txt"
    test_file.write_text("original")

    with atomic_write(str(test_file), "w") as f:
        f.write("new content")

    assert test_file.read_text() == "new content"
    # No backup file left
    assert not (tmp_path / "test.txt.bak").exists()


def test_atomic_write_rollback(tmp_path):
    """Test EXEC-004: Rollback on exception"""
    test_file = tmp_path / "test.txt"
    test_file.write_text("original")

    with pytest.raises(ValueError), atomic_write(str(test_file), "w") as f:
        f.write("partial")
        raise ValueError("Simulated error")

    # Original content preserved
    assert test_file.read_text() == "original"


def test_atomic_transaction_rollback(tmp_path):
    """Test EXEC-004: Multi-file transaction rollback"""
    file1 = tmp_path / "file1.txt"
    file2 = tmp_path / "file2.txt"
    file1.write_text("original 1")
    file2.write_text("original 2")

    with pytest.raises(ValueError), atomic_transaction(str(file1), str(file2)):
        file1.write_text("modified 1")
        file2.write_text("modified 2")
        raise ValueError("Rollback both")

    # Both files restored
    assert file1.read_text() == "original 1"
    assert file2.read_text() == "original 2"


# the pattern's examples; it leaves `generate_chunks` and `update_database` undefined


def generate_chunks() -> Iterator[bytes]:
    for number in range(100):
        yield bytes([number]) * 1000


def update_database(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as database:
        database.execute("create table if not exists state (value)")
        database.execute("insert into state values (1)")
    database.close()


def test_example_1_single_file_atomic_operation(here, capsys):
    # Atomic file write with backup
    atomic_op = AtomicFileOp("important_config.json")

    try:
        result = atomic_op.execute(lambda path: path.write_text('{"key": "value"}'))
        print("Write successful")
    except KeyboardInterrupt:
        print("Interrupted - file restored to previous state")

    assert result == 16
    assert capsys.readouterr().out == "Write successful\n"
    assert (here / "important_config.json").read_text() == '{"key": "value"}'


def test_example_1_interrupted(here, capsys):
    Path("important_config.json").write_text("before")
    atomic_op = AtomicFileOp("important_config.json")

    def interrupted(path: Path) -> None:
        path.write_text('{"key": ')
        raise KeyboardInterrupt

    try:
        atomic_op.execute(interrupted)
        print("Write successful")
    except KeyboardInterrupt:
        print("Interrupted - file restored to previous state")

    assert capsys.readouterr().out == "Interrupted - file restored to previous state\n"
    assert Path("important_config.json").read_text() == "before"
    assert names(here) == {"important_config.json"}


def test_example_2_atomic_write_via_temp_file(here):
    # Write to temp, then atomically replace (safer for large files)
    atomic_op = AtomicFileOp("large_file.dat")

    def write_large_file(path: Path):
        with open(path, "wb") as f:
            f.writelines(generate_chunks())

    atomic_op.execute_via_temp(write_large_file)
    # If interrupted during write, original file unchanged

    assert Path("large_file.dat").read_bytes() == b"".join(generate_chunks())
    assert names(here) == {"large_file.dat"}


def test_example_3_context_manager_for_atomic_writes(here):
    # Pythonic atomic write
    with atomic_write("output.txt", mode="w", encoding="utf-8") as f:
        f.write("Line 1\n")
        f.write("Line 2\n")
        # If interrupted here, original file unchanged

    # File only replaced if context exits successfully
    assert Path("output.txt").read_text() == "Line 1\nLine 2\n"


def test_example_4_multi_file_atomic_transaction(here):
    # Atomic transaction across multiple files
    with atomic_transaction("file1.txt", "file2.txt", "file3.txt"):
        Path("file1.txt").write_text("content 1")
        Path("file2.txt").write_text("content 2")
        Path("file3.txt").write_text("content 3")
        # If any fails, all rollback

    # All three files updated atomically, or none
    assert [Path(f"file{n}.txt").read_text() for n in (1, 2, 3)] == ["content 1", "content 2", "content 3"]
    assert names(here) == {"file1.txt", "file2.txt", "file3.txt"}


def test_example_5_batch_atomic_operations(here, capsys):
    # Batch with full rollback on any failure
    batch = AtomicBatch()

    batch.add(Path("config.json"), lambda p: p.write_text('{"a": 1}'))
    batch.add(Path("data.csv"), lambda p: p.write_text("col1,col2\n1,2"))
    batch.add(Path("state.db"), lambda p: update_database(p))

    try:
        results = batch.execute()  # All succeed or all rollback
    except Exception as e:
        print(f"Transaction failed, all changes rolled back: {e}")

    assert results == [8, 13, None]
    assert capsys.readouterr().out == ""
    assert names(here) == {"config.json", "data.csv", "state.db"}


def test_example_5_failing(here, capsys):
    batch = AtomicBatch()

    batch.add(Path("config.json"), lambda p: p.write_text('{"a": 1}'))
    batch.add(Path("data.csv"), lambda p: 1 / 0)

    try:
        batch.execute()  # All succeed or all rollback
    except Exception as e:
        print(f"Transaction failed, all changes rolled back: {e}")

    assert capsys.readouterr().out == "Transaction failed, all changes rolled back: division by zero\n"
    assert names(here) == set()


def atomic_format_conversion(input_path: str, output_path: str, handler: TypeSafeFileHandler):
    """Type-safe atomic format conversion"""

    # Read with type safety (EXEC-001)
    content = handler.dispatch_by_extension(input_path)

    # Write atomically (EXEC-004)
    with atomic_write(output_path, mode="w") as f:
        f.write(str(content))


def test_integration_with_exec001(here):
    Path("in.json").write_text('{"a": [1, 2]}')

    atomic_format_conversion("in.json", "out.txt", TypeSafeFileHandler())

    assert Path("out.txt").read_text() == "{'a': [1, 2]}"


def test_integration_with_exec001_writes_nothing_when_the_input_does_not_parse(here):
    Path("in.json").write_text('{"a": [1, 2')
    Path("out.txt").write_text("kept")

    with pytest.raises(ValueError, match=r"in\.json, line 1"):
        atomic_format_conversion("in.json", "out.txt", TypeSafeFileHandler())

    assert Path("out.txt").read_text() == "kept"


def atomic_batch_execution(operations: list):
    """Combine EXEC-002 validation with EXEC-004 atomicity"""

    # Validate all operations first (EXEC-002)
    batch_exec = BatchExecutor()
    for op in operations:
        batch_exec.add(op)

    validation_errors = batch_exec.validate_all()
    if validation_errors:
        raise ValueError("Pre-flight validation failed")

    # Execute atomically (EXEC-004)
    atomic_batch = AtomicBatch()
    for target, operation in operations:
        atomic_batch.add(target, operation)

    return atomic_batch.execute()


def write(text: str) -> Callable[[Path], int]:
    return lambda path: path.write_text(text)


@pytest.mark.parametrize("as_pairs", [True, False])
def test_integration_with_exec002(here, as_pairs):
    operations = [(Path("a"), write("1")), (Path("b"), write("22"))]
    if not as_pairs:
        operations = [Operation(target, operation) for target, operation in operations]

    assert atomic_batch_execution(operations) == [1, 2]
    assert names(here) == {"a", "b"}


def test_integration_with_exec002_refuses_before_anything_runs(here):
    operations = [
        Operation(Path("a"), write("1")),
        Operation(Path("missing"), write("2"), OperationType.MODIFY),
    ]

    with pytest.raises(ValueError, match="Pre-flight validation failed"):
        atomic_batch_execution(operations)

    assert names(here) == set()
