"""Labels of who answers for something: a post, an account, a unit."""

import re

OMISSION_MARK = re.compile(r"[…?？*＊×□某]|\.\.+$")
"""Marks of a name that was abbreviated or masked in the source document."""


def is_truncated(label: str) -> bool:
    """Whether the label is visibly incomplete: one character, or with a mark of omission (C25)."""
    shown = label.strip()
    return len(shown) < 2 or OMISSION_MARK.search(shown) is not None
