"""What a Vim swap file holds, recovered by Vim into a scratch copy. Neither the swap file nor its original is touched."""

from __future__ import annotations

from core.errors import HoldfastError
from core.fs import programs, trees, walk
from core.leftovers import proof

_SECONDS = 20.0
_AT_MOST = 256 << 20


class NotRecovered(HoldfastError):
    """Nothing could be recovered; `values` has `path` and `why`: "no_vim", "no_swap", "too_large" or "failed"."""

    code = "not_recovered"


def recovered(path: str) -> bytes:
    """Return the text that Vim recovers from a swap file.

    The swap file is copied first: Vim may write into the one that it reads.

    Raises:
        NotRecovered: there is no Vim here, or it finds nothing to recover.
    """
    seen = walk.look(path)
    head = walk.head(path)
    if seen is None or head is None or proof.swap(head) is None:
        raise NotRecovered(path=path, why="no_swap")
    if seen.size > _AT_MOST:
        raise NotRecovered(path=path, why="too_large")
    vim = programs.find("vim")
    if not vim:
        raise NotRecovered(path=path, why="no_vim")
    scratch = trees.make_scratch("holdfast-vim-")
    try:
        return _recover(vim, path, scratch)
    finally:
        trees.remove(scratch)


def original(path: str) -> str:
    """Return the file that a swap file is about, as its header tells it; "" where it does not."""
    head = walk.head(path)
    swap = proof.swap(head) if head is not None else None
    if swap is None or not swap.name:
        return ""
    # Vim writes the whole path, or begins it with the user's home.
    name = swap.name.rpartition("/")[2]
    return swap.name if swap.name.startswith("/") else walk.join(path.rpartition("/")[0] or "/", name)


def _recover(vim: str, path: str, scratch: str) -> bytes:
    trees.write(f"{scratch}/.text.swp", b"".join(walk.blocks(path)))
    command = [
        *(vim, "-u", "NONE", "-i", "NONE", "-N", "-n", "-E", "-s", "--not-a-term", "-X"),
        *("-c", "set noswapfile nomodeline viminfo= shell=/bin/false", "-c", "recover .text.swp"),
        *("-c", "silent write! recovered", "-c", "qall!"),
    ]
    programs.run(command, cwd=scratch, seconds=_SECONDS)  # it ends badly for a swap file that is damaged in part
    if walk.look(f"{scratch}/recovered") is None:
        raise NotRecovered(path=path, why="failed")
    return b"".join(walk.blocks(f"{scratch}/recovered"))
