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
    """Within 80 columns: what belongs together stands in one cell, a line for each."""
    id_, document, jurisdiction, status = (str(LABELS.fields[n]) for n in ("id", "document", "jurisdiction", "status"))
    # An id that is cut can be typed by nobody, nor a key.
    about = Column(f"{id_}\n{document}\n{jurisdiction} · {heading('document_term')}", no_wrap=True)
    table = Table(
        about, Column(status, overflow="fold"), Column(heading("document_by"), overflow="fold"), show_lines=True
    )
    for one in documents:
        awaits = LABELS.codes["awaits"].codes[one["awaits"]].line if one["awaits"] else ""
        table.add_row(
            f"{one['id']}\n{one['kind']} {one['key']} {one['edition']}\n"
            f"{one['jurisdiction']} · {one['in_force_from']} – {one['in_force_to'] or '…'}",
            "\n".join(filter(None, (LABELS.code(Status(one["status"])).line, awaits))),
            f"{one['proposed_by']}\n{one['adopted_by'] or ''}",
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
