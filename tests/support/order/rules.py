"""The invariants of `core.txn` as rules about calls: what must be durable, and what must have been looked at, before."""

from __future__ import annotations

from typing import Any

from tests.support.order.content import ContentRules
from tests.support.order.dirt import volume_key
from tests.support.order.naming import NameRules

_WITH_RESULT = frozenset({"open_folder", "open_subfolder", "open", "create", "stat"})


class Rules(ContentRules, NameRules):
    """Is told of every call before and after it; `note` is called for each one out of order."""

    def before(self, verb: str, arguments: tuple[Any, ...]) -> None:
        """Judge a call that is about to be made."""
        self._looks.before(verb, arguments)
        if rule := getattr(self, f"_before_{verb}", None):
            rule(*arguments)

    def after(self, verb: str, arguments: tuple[Any, ...], options: dict[str, Any], result: Any) -> None:
        """Take account of a call that succeeded."""
        if rule := getattr(self, f"_after_{verb}", None):
            rule(*arguments, **options, result=result) if verb in _WITH_RESULT else rule(*arguments)

    def failed(self, verb: str, arguments: tuple[Any, ...], *, is_nothing: bool) -> None:
        """Take account of a call that raised; `is_nothing`: because there is nothing of that name."""
        if verb in ("stat", "open"):
            looks = self._looks.missed if is_nothing else self._looks.refused
            looks(self._opened(arguments[0]), arguments[1])
        if verb == "sync_file":
            file = self._opened(arguments[0])
            file.is_spoilt = True
            if book := self._journal(file):
                book.is_poisoned = True
        if verb == "sync_folder":
            self._dirt.spoilt.add(self._opened(arguments[0]).key)
        if verb == "sync_volume":
            self._dirt.spoilt.add(volume_key(self._opened(arguments[0])))
