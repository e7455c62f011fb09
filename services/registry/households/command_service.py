"""The application service behind the household commands: request models to sealed facts, decided and appended."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.facts import Evidence, HouseholdFact
from contracts.registry.households import HouseholdRecorded
from services.casework.code_lists.reading import FormWords
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim, Part
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.chassis.web.commands import Command
from services.registry.households.claims import HOUSEHOLD_NO, Digests, document_digests
from services.registry.households.domain import stream_of
from services.registry.households.dry_runs import DryRuns
from services.registry.households.fact_forms import FactForm
from services.registry.households.forms import HouseholdForm, RecordingForm, fact_fields
from services.registry.households.living_forms import CategoryForm, first_details
from services.registry.households.member_forms import IdentifiedForm, MemberForm
from services.registry.households.rules import ALREADY_A_MEMBER
from services.registry.households.store import Decide, command_handler, needs_of_surveys, survey_handler

Checking = Callable[[Callable[[Tx], Reply]], Callable[[Tx], Reply]]


def unchecked(work: Callable[[Tx], Reply]) -> Callable[[Tx], Reply]:
    """The work as it is."""
    return work


NoticingAccount = Callable[[str | None, UUID, Actor, Callable[[Tx], Reply]], Callable[[Tx], Reply]]
"""Account in plain, household, who enters it, and the work."""


def unnoticed(_: str | None, __: UUID, ___: Actor, work: Callable[[Tx], Reply]) -> Callable[[Tx], Reply]:
    """The work as it is."""
    return work


class HouseholdCommandService:
    """Builds facts from forms (ids, sealed personal values, digests for claims) and carries commands out."""

    def __init__(
        self, store: Store, sealer: Sealer, dry_runs: DryRuns, citations: Citations, words: FormWords,
        checking: Checking = unchecked, noticing_account: NoticingAccount = unnoticed,
    ) -> None:  # fmt: skip
        """``checking``: makes a command say in its answer what is implausible about what it enters; ``noticing_account``:
        whose account it enters."""
        self.store, self.sealer, self.dry_runs, self.words = store, sealer, dry_runs, words
        self._citations, self._checking, self.noticing_account = citations, checking, noticing_account

    async def carry_out(
        self, command: Command, work: Callable[[Tx], Reply], *streams: str, evidence: tuple[Evidence, ...],
        about: tuple[UUID, ...], claims: tuple[Claim, ...] = (), parts: tuple[Part, ...] = (),
        subjects: tuple[UUID, ...] = (),
    ) -> JSONResponse:  # fmt: skip
        """``Citations.execute`` of what enters something about households."""
        return await self._citations.execute(
            command, self._checking(work), *streams, evidence=evidence, about=about, claims=claims, parts=parts,
            subjects=subjects, extends=(DOCUMENTS,),
        )  # fmt: skip

    def household_no_digests(self, number: str | None) -> Digests:
        return () if number is None else self.sealer.digest.digests(HOUSEHOLD_NO, number)

    def document_digests(self, form: IdentifiedForm) -> Digests:
        return document_digests(self.sealer.digest, form.read_document())

    async def note_dry_run(self, command: Command, operation: str, persons: int) -> None:
        """A dry run that names persons is recorded, and limited. Raises ``Unavailable``."""
        if command.dry_run:
            await self.dry_runs.record(command.by, operation, persons)

    async def first_record(
        self, form: HouseholdForm, command: Command
    ) -> tuple[HouseholdRecorded, dict[UUID, Digests]]:
        """The first fact of a new household, and its members' ID digests. Ids are derived from the command, so that a
        repeated request makes no second household."""
        people = {uuid5(command.ref.command_id, f"member {n}"): m for n, m in enumerate(form.members)}
        return await self._record(form, command, uuid5(command.ref.command_id, "household"), people)

    async def corrected_record(
        self, form: RecordingForm, command: Command, household_id: UUID
    ) -> tuple[HouseholdRecorded, dict[UUID, Digests]]:
        """The first fact of a household as it should have been, and its members' ID digests."""
        people = {m.person_id or uuid5(command.ref.command_id, f"member {n}"): m for n, m in enumerate(form.members)}
        if len(people) < len(form.members):
            raise Refused(ALREADY_A_MEMBER)
        return await self._record(form, command, household_id, people)

    async def _record(
        self, form: HouseholdForm, command: Command, household_id: UUID, people: Mapping[UUID, MemberForm]
    ) -> tuple[HouseholdRecorded, dict[UUID, Digests]]:
        fact = HouseholdRecorded(
            household_id=household_id,
            entered_by=command.by,
            **{
                **fact_fields(form),
                **first_details(form),
                "members": tuple(m.to_member(p) for p, m in people.items()),
            },
        )
        ids = {p: number for p, m in people.items() if (number := self.document_digests(m))}
        return await self.sealer.seal(fact, dry_run=command.dry_run), ids

    async def execute(
        self, command: Command, household_id: UUID, decide: Decide, evidence: tuple[Evidence, ...],
        subjects: tuple[UUID, ...] = (),
    ) -> JSONResponse:  # fmt: skip
        """Carry out a command about an existing household in the caller's area. ``subjects``: whose memberships change."""
        work = command_handler(household_id, command.actor, decide)
        return await self.carry_out(
            command, work, stream_of(household_id), evidence=evidence, about=(household_id,), subjects=subjects
        )

    async def record_survey(
        self, kind: type[HouseholdFact], form: FactForm, command: Command, household_id: UUID, **subject: Any
    ) -> JSONResponse:
        """Record what a visit found out."""
        read = await self.words.read(form, command, form.effective_on)
        form, command = read.form, read.command
        fields = {**subject, **fact_fields(form), **_decided(form)}
        surveyed = kind(household_id=household_id, entered_by=command.by, **fields)
        fact = await self.sealer.seal(surveyed, dry_run=command.dry_run)
        streams, parts = needs_of_surveys([fact])
        work = read.deciding(fact, lambda decided: survey_handler([decided], command.actor))
        work = self.noticing_account(getattr(form, "account", None), household_id, command.actor, work)
        return await self.carry_out(
            command, work, *streams, *read.streams, evidence=fact.evidence, about=(household_id,), parts=parts
        )


def _decided(form: FactForm) -> dict[str, Any]:
    """Who decided what the form says, where somebody did."""
    return {"decision": form.to_decision()} if isinstance(form, CategoryForm) else {}
