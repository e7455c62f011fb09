"""Documents and their differences as tables for a terminal."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Column, Table

from lika.messages import heading
from lika.operations.documents.house import Answer
from services.casework.documents.differences import Difference
from services.casework.documents.domain import Status
from services.chassis.ground.labels import LABELS


def document_table(documents: Iterable[Answer]) -> Table:
    labelled = (LABELS.fields[name] for name in ("id", "document", "edition", "jurisdiction"))
    state = (LABELS.fields[name] for name in ("status", "awaits"))
    # An id that is cut can be typed by nobody.
    id_, *more = map(str, labelled)
    table = Table(Column(id_, no_wrap=True), *more, heading("document_term"), *map(str, state), heading("document_by"))
    for one in documents:
        awaits = LABELS.codes["awaits"].codes[one["awaits"]].line if one["awaits"] else ""
        table.add_row(
            one["id"], f"{one['kind']} {one['key']}", one["edition"], one["jurisdiction"],
            f"{one['in_force_from']} – {one['in_force_to'] or '…'}", LABELS.code(Status(one["status"])).line, awaits,
            f"{one['proposed_by']} / {one['adopted_by'] or ''}",
        )  # fmt: skip
    return table


def difference_table(found: Sequence[Difference]) -> Table:
    table = Table(heading("document_part"), heading("document_before"), heading("document_after"))
    for one in found:
        table.add_row(one.part, _shown(one.before), _shown(one.after))
    return table


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
