"""A digest taken beside is the digest, and its thread goes when it is no longer needed."""

from __future__ import annotations

import hashlib
import threading

import pytest

from core.content.digest import Digest


@pytest.mark.parametrize("block", [1, 1000, 1 << 18, 3 << 20])
@pytest.mark.parametrize("blocks", [0, 1, 50])
def test_it_is_that_of_the_content_however_that_comes(block: int, blocks: int) -> None:
    content = [bytes([number]) * block for number in range(blocks)]

    with Digest() as digest:
        assert digest.take([b"", *content]) == block * blocks
        assert digest.hex() == hashlib.sha256(b"".join(content)).hexdigest()


def test_a_content_that_cannot_be_read_to_its_end_leaves_no_thread() -> None:
    with pytest.raises(OSError), Digest() as digest:
        digest.take([bytes(1 << 20)] * 5)
        assert "digest" in {one.name for one in threading.enumerate()}
        raise OSError

    assert "digest" not in {one.name for one in threading.enumerate()}
