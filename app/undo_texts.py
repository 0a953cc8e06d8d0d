"""Words for what undo finds: files that are not as the batch left them. `app.texts` has the words for all else."""

from __future__ import annotations

from app.words import _
from core.errors import Fix, ProblemCode

PROBLEMS = {
    ProblemCode.EDITED_SINCE: _("this file was changed after the batch"),
    ProblemCode.GONE_SINCE: _("this file was deleted or moved after the batch"),
    ProblemCode.REPLACED_SINCE: _("this is not a file any more, or another one than the batch left"),
    ProblemCode.TAKEN_SINCE: _("something else has this name by now"),
    ProblemCode.LATER_BATCH: _("a later batch has changed this file"),
    ProblemCode.NOT_HELD: _("the previous version of this file is not there any more"),
}

FIXES = {
    Fix.SKIP: _("leave it as it is (--skip)"),
    Fix.TAKE: _(
        "bring the previous version back all the same (--take); what is there now can be had back by undoing that"
    ),
    Fix.UNDO_LATER: _("undo the later batch first"),
}
