"""Formats of what is stored: which of them this release can read, and which every living replica of a service can.

A fact of a new type or version is appended only when no living replica is left that could not read it. Who appends asks
that once per format, under the append lock; a replica registers under the same lock, and not at all where a format is in
use that it cannot read. So neither can be overtaken by the other.
"""

from collections.abc import Callable

from contracts.facts import PUBLISHED
from contracts.publishing.catalogue import load
from services.chassis.log.availability import UpgradeUnderWay
from services.chassis.log.pipeline import Bulk, Rows, Statement
from services.chassis.postgres.heartbeats import LIVES

ADMITTED = Statement("SELECT format FROM admitted_formats")
UNREADABLE_BY = Statement(f"SELECT count(*) FROM replicas WHERE {LIVES} AND NOT $1::text = ANY (formats)")
ADMIT = Bulk("INSERT INTO admitted_formats (format) SELECT * FROM unnest({}) ON CONFLICT DO NOTHING", "text")


def readable_facts() -> frozenset[str]:
    """Every type and version of facts that this release can read, as ``type name/version``."""
    load()
    return frozenset(f"{name}/{version}" for name, version in PUBLISHED)


class AdmittedFormats:
    """What one process knows to be admitted into one database. It only ever grows, so what is known stays true."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()

    def __contains__(self, format: object) -> bool:  # noqa: A002 - what the column is called
        return format in self._known

    def require(self, wanted: str, asked: set[str], ask: "Callable[..., Rows]") -> None:
        """``wanted`` is admitted, or can be by the transaction of ``ask``, which holds the append lock: it is then added to
        ``asked``, which that transaction adds to the table. Raises ``UpgradeUnderWay``."""
        if wanted in self._known or wanted in asked:
            return
        self._known |= {name for (name,) in ask(ADMITTED)}
        if wanted in self._known:
            return
        ((others,),) = ask(UNREADABLE_BY, wanted)
        if others:
            raise UpgradeUnderWay(wanted)
        asked.add(wanted)
