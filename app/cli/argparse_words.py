"""What argparse says by itself, in every version of it. It looks that up in our catalogue; nothing else is done with it."""

from __future__ import annotations

from app.words import marked

ALL = (
    marked("usage: "),
    marked("positional arguments"),
    marked("options"),
    marked("show this help message and exit"),
    marked("the following arguments are required: %s"),
    marked("one of the arguments %s is required"),
    marked("not allowed with argument %s"),
    marked("expected one argument"),
    marked("expected at most one argument"),
    marked("expected at least one argument"),
    marked("ambiguous option: %(option)s could match %(matches)s"),
    marked("unrecognized arguments: %s"),
    marked("invalid choice: %(value)r (choose from %(choices)s)"),
    marked("invalid %(type)s value: %(value)r"),
    marked("argument %(argument_name)s: %(message)s"),
    marked("ignored explicit argument %r"),
    marked("%(prog)s: error: %(message)s\n"),
)
