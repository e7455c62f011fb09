"""Acts about divisions over HTTP: what becomes of a division, of those in it, and which acts were wrong."""

from typing import Annotated, Any
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import Field

from contracts.registry.divisions import (
    DivisionActsAnnulled,
    DivisionEnded,
    DivisionFact,
    DivisionMerged,
    DivisionRecoded,
    DivisionSplit,
    SplitOff,
)
from services.casework.evidence.citations import Citations
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.evidence_forms import EvidenceForm, papers
from services.chassis.web.payloads import Body
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay
from services.registry.division_changes import store
from services.registry.divisions.api import DivisionDecisionForm, require_area
from services.registry.divisions.domain import stream_of
from services.registry.divisions.read_api import Code

CodeText = Annotated[str, Field(pattern=r"^[0-9]{2,12}$", examples=["990001101202"])]


class DivisionActForm(Body):
    """Since when, by which paper. ``effective_on``: first day on which it is so; the day before was the last of what was."""

    effective_on: TypedDay
    decision: DivisionDecisionForm
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def common(self, code: str, by: str) -> dict[str, Any]:
        """The fields that every fact has."""
        return {
            "code": code, "effective_on": self.effective_on, "entered_by": by, "decision": self.decision.to_decision(),
            "evidence": papers(self.evidence),
        }  # fmt: skip


class MergerForm(DivisionActForm):
    into: CodeText


class CodeChangeForm(DivisionActForm):
    to_code: CodeText


class PartForm(Body):
    """Where these households go; the rest stays."""

    code: CodeText
    household_ids: tuple[UUID, ...] = Field(min_length=1, max_length=2000)


class DivisionSplitForm(DivisionActForm):
    parts: tuple[PartForm, ...] = Field(min_length=1, max_length=20)


class DivisionActsForm(DivisionActForm):
    """``acts``: the command ids of the acts that were wrong."""

    acts: tuple[UUID, ...] = Field(min_length=1, max_length=20)


def division_changes_router(citations: Citations) -> DeferredRouter:
    router = DeferredRouter(prefix="/divisions/{code}", tags=["divisions"])

    async def carry_out(command: Command, fact: DivisionFact, decide: store.Decide, *others: str) -> JSONResponse:
        for code in (fact.code, *others):
            require_area(command, code)
        work = store.act_handler(fact.code, fact.effective_on, decide)
        streams = map(stream_of, (fact.code, *others))
        return await citations.execute(command, work, *streams, evidence=fact.evidence, about=())

    @router.post("/mergers", status_code=201, responses=ACCEPTED)
    async def merge_division(code: Code, form: MergerForm, command: CurrentCommand) -> JSONResponse:
        """The division is merged into another one, and its households with it; nobody moves by it."""
        fact = DivisionMerged(**form.common(code, command.by), into=form.into)
        return await carry_out(command, fact, store.merged(fact, command.by), form.into)

    @router.post("/code-changes", status_code=201, responses=ACCEPTED)
    async def recode_division(code: Code, form: CodeChangeForm, command: CurrentCommand) -> JSONResponse:
        """The division has another code, or comes to the parent whose code that begins with; its households with it."""
        fact = DivisionRecoded(**form.common(code, command.by), to_code=form.to_code)
        return await carry_out(command, fact, store.recoded(fact, command.by), form.to_code)

    @router.post("/splits", status_code=201, responses=ACCEPTED)
    async def split_division(code: Code, form: DivisionSplitForm, command: CurrentCommand) -> JSONResponse:
        """Parts of the village go to other villages, which are declared before; households that are not named stay."""
        parts = tuple(SplitOff(code=part.code, household_ids=part.household_ids) for part in form.parts)
        fact = DivisionSplit(**form.common(code, command.by), parts=parts)
        return await carry_out(command, fact, store.split(fact, command.by), *(part.code for part in parts))

    @router.post("/endings", status_code=201, responses=ACCEPTED)
    async def end_division(code: Code, form: DivisionActForm, command: CurrentCommand) -> JSONResponse:
        """The division is abolished without a successor; no household may be left there."""
        fact = DivisionEnded(**form.common(code, command.by))
        return await carry_out(command, fact, store.ended(fact))

    @router.post("/annulments", status_code=201, responses=ACCEPTED)
    async def annul_division_acts(code: Code, form: DivisionActsForm, command: CurrentCommand) -> JSONResponse:
        """Acts about the division were wrong: void in every division that they name, with what followed for households."""
        require_area(command, code)
        fact = DivisionActsAnnulled(**form.common(code, command.by), acts=form.acts)
        work = store.annulment_handler(fact)
        return await citations.execute(command, work, stream_of(code), evidence=fact.evidence, about=())

    return router
