"""Commands about members of a household over HTTP: surveys, joins, departures, deaths."""

from collections.abc import Callable
from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.members import MemberDied, MemberJoined, MemberLeft, MemberSurveyed
from contracts.registry.reasons import JoinReason, LeaveReason
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.consequences import DecisiveCommand
from services.chassis.web.routing import DeferredRouter
from services.registry.households import domain
from services.registry.households.claims import claims_on_number
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.domain import stream_of
from services.registry.households.forms import (
    DeathForm,
    JoinForm,
    LeaveForm,
    MemberSurveyForm,
    fact_fields,
)
from services.registry.households.joins import join_decision
from services.registry.households.living_forms import CommonResidenceForm
from services.registry.households.next_steps import advising_report
from services.registry.households.store import Decide, command_handler, relatives_in


def members_router(commands: HouseholdCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/households/{household_id}/members", tags=["members"])

    @router.post("/{person_id}/surveys", status_code=201, responses=ACCEPTED)
    async def survey_member(
        household_id: UUID, person_id: UUID, form: MemberSurveyForm, command: CurrentCommand
    ) -> JSONResponse:
        """What a visit found out about a member."""
        return await commands.record_survey(MemberSurveyed, form, command, household_id, person_id=person_id)

    @router.post("/{person_id}/common-residence", status_code=201, responses=ACCEPTED)
    async def record_common_residence(
        household_id: UUID, person_id: UUID, form: CommonResidenceForm, command: CurrentCommand
    ) -> JSONResponse:
        """Since when a member lives in common with the household, or apart from it."""
        return await commands.record_survey(CommonResidenceRecorded, form, command, household_id, person_id=person_id)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def join_member(household_id: UUID, form: JoinForm, command: CurrentCommand) -> JSONResponse:
        """Somebody is born or moves in. A person already on the register keeps their id: send it as ``person_id``."""
        await commands.note_dry_run(command, "join_member", 1)
        read = await commands.words.read(form, command, form.effective_on)
        form, command = read.form, read.command
        assert isinstance(form.reason, JoinReason), "words are looked up before"
        person_id = form.person_id or uuid5(command.ref.command_id, "member")
        joined = MemberJoined(
            household_id=household_id, entered_by=command.by, effective_on=form.effective_on, precision=form.precision,
            evidence=form.to_evidence(), member=form.member.to_member(person_id), reason=form.reason,
        )  # fmt: skip
        digests = commands.document_digests(form.member)
        joined = await commands.sealer.seal(joined, dry_run=command.dry_run)
        later: list[HouseholdFact] = []
        if form.left_on is not None and isinstance(form.left_for, LeaveReason):
            later.append(MemberLeft(
                household_id=household_id, entered_by=command.by, effective_on=form.left_on, evidence=joined.evidence,
                person_id=person_id, reason=form.left_for,
            ))  # fmt: skip

        def handler(decided: MemberJoined) -> Callable[[Tx], Reply]:
            stay = [decided, *later]
            decide = join_decision(command.actor, stay, person_id, digests, by_id=form.person_id is not None)
            return command_handler(household_id, command.actor, decide)

        return await commands.carry_out(
            command, read.deciding(joined, handler), stream_of(household_id), *read.streams, evidence=joined.evidence,
            about=(household_id,), claims=claims_on_number(digests), subjects=(person_id,),
        )  # fmt: skip

    @router.post("/{person_id}/departures", status_code=201, responses=ACCEPTED)
    async def record_departure(
        household_id: UUID, person_id: UUID, form: LeaveForm, command: DecisiveCommand
    ) -> JSONResponse:
        """Somebody leaves the household; a leaving head names a successor."""
        read = await commands.words.read(form, command, form.effective_on)
        form, command = read.form, read.command
        fact = MemberLeft(
            household_id=household_id,
            person_id=person_id,
            entered_by=command.by,
            **fact_fields(form, "successor", "relations"),
        )

        def handler(decided: MemberLeft) -> Callable[[Tx], Reply]:
            decide = _ending(decided, form)
            return command_handler(household_id, command.actor, decide)

        return await commands.carry_out(
            command, read.deciding(fact, handler), stream_of(household_id), *read.streams, evidence=fact.evidence,
            about=(household_id,), subjects=(person_id,),
        )  # fmt: skip

    @router.post("/{person_id}/deaths", status_code=201, responses=ACCEPTED)
    async def record_death(
        household_id: UUID, person_id: UUID, form: DeathForm, command: DecisiveCommand
    ) -> JSONResponse:
        """Somebody died. The death of the last member ends the household."""
        fact = MemberDied(
            household_id=household_id,
            person_id=person_id,
            entered_by=command.by,
            **fact_fields(form, "successor", "relations"),
        )
        decide = _ending(fact, form)
        return await commands.execute(command, household_id, decide, fact.evidence, (person_id,))

    return router


def _ending(fact: MemberLeft | MemberDied, form: LeaveForm | DeathForm) -> Decide:
    def decide(known: tuple[Recorded, ...], tx: Tx) -> list[Fact]:
        report = "report_death" if isinstance(fact, MemberDied) else "report_departure"
        with advising_report(report, known):
            return domain.end_membership(known, fact, form.successor, tx.today, relatives_in(tx), form.to_relations())

    return decide
