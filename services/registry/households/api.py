"""Commands about households over HTTP. Queries are in ``read_api``, members in ``member_api``."""

from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.facts import Fact, Recorded
from contracts.personal import Personal
from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.households import FactsAnnulled, HouseholdFormed, HouseholdSplit
from contracts.registry.members import HeadSucceeded
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed
from services.chassis.log.unit import Tx
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.consequences import DecisiveCommand
from services.chassis.web.routing import DeferredRouter
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households import domain
from services.registry.households.claims import required_claims
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.domain import stream_of
from services.registry.households.forms import (
    ConditionsForm,
    CorrectionForm,
    HeadForm,
    HouseholdForm,
    RecordingForm,
    SplitForm,
    fact_fields,
)
from services.registry.households.living_forms import CategoryForm, HouseholdSurveyForm, IncomeForm
from services.registry.households.recordings import record_handler, recording_correction_handler
from services.registry.households.splits import split_handler
from services.registry.households.store import correction_handler, relatives_in


def households_router(commands: HouseholdCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/households", tags=["households"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def record_household(form: HouseholdForm, command: CurrentCommand) -> JSONResponse:
        """Record a household with its members; it is a candidate until a procedure decides (M001)."""
        await commands.note_dry_run(command, "record_household", len(form.members))
        read = await commands.words.read(form, command, form.effective_on, form.division)
        form, command = read.form, read.command
        fact, ids = await commands.first_record(form, command)
        number = commands.household_no_digests(form.national_no)
        work = read.deciding(fact, lambda decided: record_handler(decided, command.actor, ids, number))
        work = commands.noticing_account(form.account, fact.household_id, command.actor, work)
        streams = (stream_of(fact.household_id), division_stream(fact.division), *read.streams)
        persons = tuple(m.person_id for m in fact.members)
        return await commands.carry_out(
            command, work, *streams, evidence=fact.evidence, about=(fact.household_id,),
            claims=required_claims(ids, number), subjects=persons,
        )  # fmt: skip

    @router.post("/{household_id}/recordings", status_code=201, responses=ACCEPTED)
    async def correct_recording(household_id: UUID, form: RecordingForm, command: CurrentCommand) -> JSONResponse:
        """The first recording as it should have been: village, day and members; nobody moved, and what came later stays."""
        await commands.note_dry_run(command, "correct_recording", len(form.members))
        read = await commands.words.read(form, command, form.effective_on, form.division)
        form, command = read.form, read.command
        fact, ids = await commands.corrected_record(form, command, household_id)
        number = commands.household_no_digests(form.national_no)
        named = [m.person_id for m in form.members if m.person_id is not None]
        work = read.deciding(
            fact, lambda decided: recording_correction_handler(decided, command.actor, ids, number, named)
        )
        work = commands.noticing_account(form.account, household_id, command.actor, work)
        streams = (stream_of(household_id), division_stream(fact.division), *read.streams)
        persons = tuple(m.person_id for m in fact.members)
        return await commands.carry_out(
            command, work, *streams, evidence=fact.evidence, about=(household_id,),
            claims=required_claims(ids, number), subjects=persons,
        )  # fmt: skip

    @router.post("/{household_id}/surveys", status_code=201, responses=ACCEPTED)
    async def survey_household(household_id: UUID, form: HouseholdSurveyForm, command: CurrentCommand) -> JSONResponse:
        """What a visit found out about the household."""
        return await commands.record_survey(HouseholdSurveyed, form, command, household_id)

    @router.post("/{household_id}/categories", status_code=201, responses=ACCEPTED)
    async def assign_category(household_id: UUID, form: CategoryForm, command: CurrentCommand) -> JSONResponse:
        """The category of a household since a day, and until when where that is known (M004)."""
        return await commands.record_survey(HouseholdCategoryAssigned, form, command, household_id)

    @router.post("/{household_id}/incomes", status_code=201, responses=ACCEPTED)
    async def survey_income(household_id: UUID, form: IncomeForm, command: CurrentCommand) -> JSONResponse:
        """Income of one period."""
        return await commands.record_survey(IncomeSurveyed, form, command, household_id)

    @router.post("/{household_id}/conditions", status_code=201, responses=ACCEPTED)
    async def survey_conditions(household_id: UUID, form: ConditionsForm, command: CurrentCommand) -> JSONResponse:
        """两不愁三保障 and drinking water (M010)."""
        return await commands.record_survey(ConditionsSurveyed, form, command, household_id)

    @router.post("/{household_id}/splits", status_code=201, responses=ACCEPTED)
    async def split_household(household_id: UUID, form: SplitForm, command: DecisiveCommand) -> JSONResponse:
        """Members leave to form a household of their own; the answer's location is the new household."""
        new_household_id = form.corrects or uuid5(command.ref.command_id, "household")
        splitting = HouseholdSplit(
            household_id=household_id, new_household_id=new_household_id, entered_by=command.by,
            **fact_fields(form, "head", "national_no", "corrects", "relations"),
        )  # fmt: skip
        formed = HouseholdFormed(
            household_id=new_household_id, split_from=household_id, entered_by=command.by,
            **fact_fields(form, "corrects", "reason"),
        )  # fmt: skip
        work = split_handler(
            splitting, formed, command.actor, commands.household_no_digests(form.national_no),
            corrects=form.corrects is not None,
        )  # fmt: skip
        streams = (stream_of(household_id), stream_of(new_household_id))
        return await commands.carry_out(
            command, work, *streams, evidence=splitting.evidence, about=(household_id, new_household_id),
            subjects=form.person_ids,
        )  # fmt: skip

    @router.post("/{household_id}/heads", status_code=201, responses=ACCEPTED)
    async def change_head(household_id: UUID, form: HeadForm, command: CurrentCommand) -> JSONResponse:
        """Another member becomes head, and everybody stays. What the others are to the new head follows where it can; a refusal
        names whose relation has to be given."""
        fact = HeadSucceeded(household_id=household_id, entered_by=command.by, **fact_fields(form))

        def decide(known: tuple[Recorded, ...], tx: Tx) -> list[Fact]:
            return domain.change_head(known, fact, tx.today, relatives_in(tx))

        return await commands.execute(command, household_id, decide, fact.evidence)

    @router.post("/{household_id}/corrections", status_code=201, responses=ACCEPTED)
    async def correct_facts(household_id: UUID, form: CorrectionForm, command: CurrentCommand) -> JSONResponse:
        """Annul acts, in every household they touched; enter the right ones as acts of their own. Annulling an annulment
        restores. An act that replaced others is named with them, lest they come back."""
        fields = {**fact_fields(form), "reason": Personal(form.reason)}  # free text: it may name somebody
        fact = await commands.sealer.seal(
            FactsAnnulled(household_id=household_id, entered_by=command.by, **fields), dry_run=command.dry_run
        )
        return await commands.carry_out(
            command, correction_handler(fact, command.actor), stream_of(household_id), evidence=fact.evidence,
            about=(household_id,),
        )  # fmt: skip

    return router
