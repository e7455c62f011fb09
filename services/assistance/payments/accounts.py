"""Whether the register knows an account that a household is paid to (一卡通): from the copied facts, never opened here."""

from collections.abc import Collection, Mapping
from uuid import UUID

from contracts.personal import Personal
from contracts.registry.households import HouseholdRecorded
from contracts.registry.surveys import HouseholdSurveyed
from services.casework.people.view import REGISTRY
from services.chassis.log.entries import decode_row, topic_of
from services.chassis.log.snapshot import Connection
from services.chassis.views.subject_reader import SubjectReader

READER = SubjectReader("copies", "originator_id", "originator_version", REGISTRY, "household-")
NAMING = [topic_of(kind) for kind in (HouseholdRecorded, HouseholdSurveyed)]


def masked_accounts(conn: Connection, households: Collection[UUID]) -> Mapping[UUID, str]:
    """The mask of the account that was told last, of those households that have one."""
    found: dict[UUID, str] = {}
    streams = [f"household-{household}" for household in households]
    for row in READER.read(conn, streams, topics=NAMING) if streams else ():
        fact = decode_row(REGISTRY, row).fact
        account: Personal[str] | None = getattr(fact, "account", None)
        if account is not None:
            found[fact.household_id] = account.masked  # type: ignore[attr-defined]
    return found
