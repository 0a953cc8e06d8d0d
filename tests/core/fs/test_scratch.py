"""What was put into a scratch file comes back whole, or not at all."""

from __future__ import annotations

import pytest

from core.fs import files


def test_a_part_comes_back_and_the_position_stays() -> None:
    with files.scratch() as file:
        file.write(b"one two three")

        assert b"".join(files.read_slice(file, 4, 3)) == b"two"
        assert file.tell() == 13


def test_a_file_that_has_become_shorter_is_an_error_and_not_waited_for() -> None:
    with files.scratch() as file:
        file.write(b"one two three")
        file.truncate(6)

        with pytest.raises(OSError, match="has lost"):
            list(files.read_slice(file, 4, 3))
