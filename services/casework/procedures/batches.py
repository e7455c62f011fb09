"""Batches: one act on up to a thousand cases, under one document and signature. Each case is a unit of work of its own, so a
batch that breaks off is sent again, word for word, and goes on where it stood."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from itertools import chain, islice
from typing import Any
from uuid import UUID

import anyio
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from services.casework.procedures import commands as c
from services.casework.procedures.forms import COMMANDS, STEPS, StepForm
from services.chassis.ground.refusals import RULES
from services.chassis.log.command_record import CommandRef, Outcome
from services.chassis.web.application import Body
from services.chassis.web.commands import Command
from services.chassis.web.field_readers import MOST_READINGS, ReadAs, read_as
from services.chassis.web.next_step_answers import NextStepAnswer
from services.chassis.web.next_steps import PublishedActs
from services.chassis.web.position_tokens import PositionToken

MOST_CASES = 1_000
AT_ONCE = 64
"""Units of work handed to group commit together."""


class Act(StrEnum):
    """What is done to each case: the last part of the path by which it is done to one."""

    VISITS = "visits"
    APPRAISALS = "appraisals"
    CONSENTS = "consents"
    NOTICES = "notices"
    TAKINGS_DOWN = "takings-down"
    OBJECTIONS = "objections"
    REVIEWS = "reviews"
    OPINIONS = "opinions"
    SIGNATURES = "signatures"
    INSPECTIONS = "inspections"
    COMPARISONS = "comparisons"
    DECISIONS = "decisions"
    ANNOUNCEMENTS = "announcements"
    RETURNS = "returns"
    WITHDRAWALS = "withdrawals"
    CLOSINGS = "closings"
    GREEN_CHANNEL = "green-channel"


FORMS: Mapping[str, type[StepForm]] = {step.path: step.form for step in STEPS}


class BatchItem(Body):
    """``act``, ``form``: where this case differs from the others; the fields of ``form`` replace those of the batch."""

    case_id: UUID
    act: Act | None = None
    form: dict[str, Any] = Field(default_factory=dict, max_length=20)


class BatchForm(Body):
    """``form``: as for one case. Each case is named once."""

    act: Act
    form: dict[str, Any] = Field(max_length=20)
    cases: tuple[BatchItem, ...] = Field(min_length=1, max_length=MOST_CASES)


class BatchResult(BaseModel):
    """What became of one case. ``code``, ``zh``, ``en``, ``facts``: the rule that refused it and its figures; ``next``: what may
    be done instead."""

    case_id: UUID
    act: str
    recorded: bool
    replayed: bool
    code: str | None
    zh: str | None
    en: str | None
    facts: dict[str, Any]
    next: list[NextStepAnswer]


class BatchAnswer(BaseModel):
    """``batch``: its id, in every fact that it recorded; ``read_as``: fields of its forms that were read otherwise than they were
    sent. Of a dry run: what would be recorded, each case decided for itself."""

    batch: UUID
    recorded: int
    refused: int
    results: list[BatchResult]
    position: PositionToken
    read_as: list[ReadAs]


def readings_of(form: BatchForm) -> list[ReadAs]:
    """What was read otherwise than it was sent, the shared form once, the first of them."""
    own = (
        read_as(FORMS[str(item.act or form.act)], item.form, f"#/cases/{place}/form")
        for place, item in enumerate(form.cases)
    )
    return list(islice(chain(read_as(FORMS[str(form.act)], form.form, "#/form"), *own), MOST_READINGS))


def batch_commands(form: BatchForm, command: Command) -> list[tuple[BatchItem, str, c.Command]]:
    """The command for each case. Raises ``RequestValidationError`` naming the place of every error."""
    errors: list[Any] = []
    found = []
    seen: set[UUID] = set()
    for place, item in enumerate(form.cases):
        act = str(item.act or form.act)
        if item.case_id in seen:
            errors.append(_error(("cases", place, "case_id"), "case_named_twice", "A batch names each case once"))
        seen.add(item.case_id)
        shared = form.form if act == form.act else {k: v for k, v in form.form.items() if k in FORMS[act].model_fields}
        try:
            fields = FORMS[act].model_validate_json(json.dumps({**shared, **item.form}))
        except ValidationError as invalid:
            errors += [{**e, "loc": ("body", "cases", place, "form", *e["loc"])} for e in invalid.errors()]
            continue
        kind = COMMANDS[FORMS[act]]
        found.append((item, act, kind(**fields.command_fields(item.case_id, command.by), batch=command.ref.command_id)))
    if errors:
        raise RequestValidationError(errors)
    return found


def ref_of(item: BatchItem, act: str, command: Command) -> CommandRef:
    """The command of one case: the same when the batch is sent again."""
    ref = command.ref
    return CommandRef.of(ref.principal, f"{ref.route}/{item.case_id}/{act}", ref.key, ref.digest)


async def carried_out(
    commands: Sequence[tuple[BatchItem, str, c.Command]],
    carry_out: Callable[[BatchItem, str, c.Command], Awaitable[Outcome]],
    acts: PublishedActs | None,
) -> list[BatchResult]:
    """Every case's result, in the order of the request."""
    results: dict[UUID, BatchResult] = {}
    limiter = anyio.CapacityLimiter(AT_ONCE)

    async def one(item: BatchItem, act: str, command: c.Command) -> None:
        async with limiter:
            results[item.case_id] = _result(item, act, await carry_out(item, act, command), acts)

    async with anyio.create_task_group() as group:
        for item, act, command in commands:
            group.start_soon(one, item, act, command)
    return [results[item.case_id] for item, _, _ in commands]


def _result(item: BatchItem, act: str, outcome: Outcome, acts: PublishedActs | None) -> BatchResult:
    rule = RULES[outcome.code] if outcome.code is not None else None
    return BatchResult(
        case_id=item.case_id, act=act, recorded=rule is None, replayed=outcome.replayed, code=rule and rule.code,
        zh=rule and rule.zh, en=rule and rule.en, facts=outcome.facts,
        next=[] if acts is None else acts.answers(outcome.next, {}),
    )  # fmt: skip


def _error(place: tuple[str | int, ...], kind: str, message: str) -> dict[str, Any]:
    return {"type": kind, "loc": ("body", *place), "msg": message, "input": None}
