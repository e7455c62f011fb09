"""Documents and their differences as tables for a terminal."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table

from lika.messages import heading
from lika.operations.documents.house import Answer
from services.casework.documents.differences import Difference


def document_table(documents: Iterable[Answer]) -> Table:
    table = Table(
        heading("document_id"), heading("document_what"), heading("document_edition"), heading("document_place"),
        heading("document_term"), heading("document_status"), heading("document_awaits"), heading("document_by"),
    )  # fmt: skip
    for one in documents:
        table.add_row(
            one["id"], f"{one['kind']} {one['key']}", one["edition"], one["jurisdiction"],
            f"{one['in_force_from']} – {one['in_force_to'] or '…'}", one["status"], one["awaits"] or "",
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
