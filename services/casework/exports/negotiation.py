"""In which format and language a list is asked for: ``Accept`` and ``Accept-Language`` (RFC 9110 §12.5)."""

import re
from collections.abc import Iterator

from services.casework.exports.columns import Language
from services.casework.exports.files import CSV
from services.casework.media_types import XLSX

JSON = "application/json"
QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")
"""RFC 9110 §12.4.2; of another text, such as ``nan``, nothing is known."""
OFFERED = (JSON, CSV, XLSX)
"""What is offered first is given to who takes several alike."""


def media_type(accept: str) -> str:
    """The one preferred; JSON where none of them is, for a list is JSON to begin with."""
    weights = dict(_weighted(accept))

    def weight(offered: str) -> float:
        kind = offered.partition("/")[0]
        return next((weights[r] for r in (offered, f"{kind}/*", "*/*") if r in weights), 0.0)

    return max(OFFERED, key=weight)


def language(accept_language: str) -> Language:
    """Of the headers; both where none is asked for."""
    known = ((weight, tag.partition("-")[0]) for tag, weight in _weighted(accept_language) if weight > 0)
    asked = [(weight, tag) for weight, tag in known if tag in (Language.ZH, Language.EN)]
    return Language(max(asked, key=lambda each: each[0])[1]) if asked else Language.BOTH


def _weighted(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(","):
        name, *parameters = (p.strip().lower() for p in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        yield name, float(quality) if QUALITY.fullmatch(quality) else 0.0
