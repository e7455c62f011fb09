"""When two texts of a paper are the same: numbers of documents and vouchers, names of works and places."""

import unicodedata
from collections.abc import Iterable


def normalized(parts: Iterable[str]) -> str:
    """Without differences of width, case or blanks."""
    return "\n".join("".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)
