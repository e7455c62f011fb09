"""The desk where forms become facts: ids given, personal values sealed, claims digested, the household decided upon."""

from typing import Any
from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.facts import HouseholdFact
from contracts.registry.households import HouseholdRecorded
from services.chassis.log.store import Store
from services.chassis.web.commands import Command, carry_out
from services.registry.households.claims import HOUSEHOLD_NO, RESIDENT_ID, Digests
from services.registry.households.domain import stream_of
from services.registry.households.forms import FactForm, HouseholdForm, MemberForm, answers
from services.registry.households.resident_id import read_resident_id
from services.registry.households.store import Decide, apart_from_surveys, deciding, surveying
from services.registry.vault.seals import Seals


class HouseholdDesk:
    """Turns forms into facts: ids given, personal values sealed, claims digested."""

    def __init__(self, store: Store, seals: Seals) -> None:
        self.store, self.seals = store, seals

    def household_no(self, number: str | None) -> Digests:
        return () if number is None else self.seals.digest.digests(HOUSEHOLD_NO, number)

    def id_digests(self, form: MemberForm) -> Digests:
        if form.id_number is None:
            return ()
        # The citizen's number alone: a disabled person's card carries it too, with digits behind it.
        return self.seals.digest.digests(RESIDENT_ID, read_resident_id(form.id_number).number)

    async def recorded(self, form: HouseholdForm, command: Command) -> tuple[HouseholdRecorded, dict[UUID, Digests]]:
        """The first fact of a new household. Ids come from the command, so that a repeated request makes no second."""
        people = {uuid5(command.ref.command_id, f"member {n}"): m for n, m in enumerate(form.members)}
        fact = HouseholdRecorded(
            household_id=uuid5(command.ref.command_id, "household"),
            entered_by=command.by,
            **{**answers(form), "members": tuple(m.member(p) for p, m in people.items())},
        )
        return await self.seals.seal(fact), {p: d for p, m in people.items() if (d := self.id_digests(m))}

    async def decided(self, command: Command, household_id: UUID, decide: Decide) -> JSONResponse:
        """Decide about an existing household in the caller's area, and answer."""
        work = deciding(household_id, command.actor, decide)
        return await carry_out(self.store, command, work, stream_of(household_id))

    async def surveyed(
        self, kind: type[HouseholdFact], form: FactForm, command: Command, household_id: UUID, **about: Any
    ) -> JSONResponse:
        """Record what a visit found out."""
        fact = await self.seals.seal(kind(household_id=household_id, entered_by=command.by, **about, **answers(form)))
        parts = (apart_from_surveys(household_id),)
        return await carry_out(self.store, command, surveying(fact, command.actor), parts=parts)
