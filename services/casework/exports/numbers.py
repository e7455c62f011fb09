"""The numbers by which people know households and persons (户编号, 人编号), for lists that name them by id."""

from collections.abc import Collection, Iterator
from uuid import UUID

from contracts.registry.households import HouseholdFormed, HouseholdRecorded
from contracts.registry.members import MemberJoined
from services.casework.exports.columns import Numbers
from services.chassis.log.entries import decode_row, topic_of
from services.chassis.log.snapshot import Connection
from services.chassis.views.subject_reader import SubjectReader

REGISTRY = "registry"
HOUSEHOLD = "household-"
NAMING = [topic_of(kind) for kind in (HouseholdRecorded, HouseholdFormed, MemberJoined)]


class RegisteredNumbers:
    """Read from the facts that name households and members: the registry's own, or those that another service copied. A
    person's number is known where an item names the household, too."""

    def __init__(self, *, copied: bool) -> None:
        log = REGISTRY if copied else None
        self._reader = SubjectReader(
            "copies" if copied else "log", "originator_id", "originator_version", log, HOUSEHOLD
        )

    def __call__(self, conn: Connection, ids: Collection[UUID]) -> Numbers:
        """Of those among these ids that have one; as told last."""
        rows = self._reader.read(conn, [f"{HOUSEHOLD}{each}" for each in ids], topics=NAMING) if ids else []
        return {found: number for row in rows for found, number in _named(decode_row(REGISTRY, row).fact) if number}


def _named(fact: object) -> Iterator[tuple[UUID, str | None]]:
    match fact:
        case HouseholdRecorded():
            yield fact.household_id, fact.national_no
            yield from ((member.person_id, member.national_no) for member in fact.members)
        case HouseholdFormed():
            yield fact.household_id, fact.national_no
        case MemberJoined():
            yield fact.member.person_id, fact.member.national_no
