"""Views of assistance whose rows the commands write themselves, in the transactions that append: so does the simulation."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.assistance.payments.tables import lists_view, units_view
from services.chassis.log.unit import Tx
from services.chassis.views.view import View

KEPT: Sequence[tuple[str, View[UUID]]] = (("pay-list-", lists_view()), ("payments-of-", units_view()))
"""How the streams begin, and the view of them."""


def kept_streams(streams: Iterable[str]) -> tuple[str, ...]:
    """Those that such a view is folded from."""
    return tuple(stream for stream in dict.fromkeys(streams) if any(stream.startswith(begins) for begins, _ in KEPT))


def write_rows(tx: Tx, streams: Iterable[str]) -> None:
    """Of these streams, as they are with what the unit appended."""
    for stream in kept_streams(streams):
        for begins, view in KEPT:
            if stream.startswith(begins):
                subject = UUID(stream.removeprefix(begins))
                for table, rows in zip(view.tables, view.fold(subject, tx.load(stream)), strict=True):
                    table.replace(tx.cur, [subject], rows)
