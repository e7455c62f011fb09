"""The answer to a command that was only tried out."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Self

import msgspec
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from contracts.facts import Fact
from contracts.personal import MASK, Personal
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import CommandWarning
from services.chassis.log.dry_run import DryRun
from services.chassis.web.field_readers import ReadAs
from services.chassis.web.figures import in_words
from services.chassis.web.next_step_answers import NextStepAnswer
from services.chassis.web.next_steps import PublishedActs
from services.chassis.web.position_tokens import HEADER, PositionToken, format_positions
from services.chassis.web.previews import ConsequencesShownAnswer

IS_DRY_RUN = "lika.dry_run"
"""In the scope of a request that asks for one."""

REFUSED_BY_A_RULE = 409
STREAM_ID = re.compile(r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


class WouldRecord(BaseModel):
    """A fact. ``stream``: the kind of its stream. ``fields``: those that are filled in; personal values are masked."""

    stream: str
    type: str
    effective_on: date
    fields: dict[str, Any]


class RefusedBy(BaseModel):
    """A rule, in the words of the ``detail`` of the problem that the command would be answered with."""

    code: str
    zh: str
    en: str
    source: str
    status: int
    facts: dict[str, Any]
    next: list[NextStepAnswer] = []


class WarningAnswer(BaseModel):
    """What is accepted, and should be looked at all the same: code, what it is, and its ids and figures."""

    code: str
    zh: str
    en: str
    facts: dict[str, str]

    @classmethod
    def of(cls, warning: CommandWarning) -> Self:
        return cls(code=warning.code, zh=warning.zh, en=warning.en, facts=warning.facts)


class DryRunAnswer(BaseModel):
    """``refused`` is empty where the command would be accepted; its first rule is the one that the command would be
    answered with. ``not_asked``: codes of rules whose premises do not hold, and of rules that a dry run never answers
    because that would teach about others: by these a command may still be refused. ``position``: of the snapshot that was
    decided on. ``location``: what the command would create, under the same key. ``replayed``: it was carried out before.
    ``read_as``: fields that were read otherwise than they were sent. ``consequences``: what would follow in all services, where
    that was asked for."""

    would_record: list[WouldRecord]
    refused: list[RefusedBy]
    not_asked: list[str]
    location: str | None
    position: PositionToken
    replayed: bool
    read_as: list[ReadAs] = []
    warnings: list[WarningAnswer]
    consequences: ConsequencesShownAnswer | None = None


def answer_of_dry_run(
    log: str, found: DryRun, read_as: Sequence[ReadAs] = (), acts: PublishedActs | None = None,
    ids: Mapping[str, object] | None = None, consequences: ConsequencesShownAnswer | None = None,
) -> JSONResponse:  # fmt: skip
    """200 for what rules would refuse, too. What is refused for another reason (the office, the area, the form) is the
    same problem as of the command itself: raises that ``Refused``. ``acts``, ``ids``: see ``Command``."""
    if found.refused and found.refused[0].rule.status != REFUSED_BY_A_RULE:
        raise found.refused[0]
    position = {log: found.position}
    answer = DryRunAnswer(
        would_record=[_would_record(r.stream, r.fact) for r in found.would_record],
        refused=[_refused_by(no, acts, ids or {}) for no in found.refused],
        not_asked=[rule.code for rule in found.not_asked],
        location=found.location,
        position=position,
        replayed=found.replayed,
        read_as=list(read_as),
        warnings=[WarningAnswer.of(warning) for warning in found.warnings],
        consequences=consequences,
    )
    return JSONResponse(answer.model_dump(mode="json"), 200, {HEADER: format_positions(position)})


def _refused_by(no: Refused, acts: PublishedActs | None, ids: Mapping[str, object]) -> RefusedBy:
    why = no.rule
    zh, en = (in_words(getattr(why, language), no.facts, language) for language in ("zh", "en"))
    return RefusedBy(
        code=why.code, zh=zh, en=en, source=why.source, status=why.status, facts=to_jsonable_python(no.facts),
        next=[] if acts is None else acts.answers(no.next, ids),
    )  # fmt: skip


def _would_record(stream: str, fact: Fact) -> WouldRecord:
    fields: dict[str, Any] = msgspec.to_builtins(fact, enc_hook=_masked)
    day = fields.pop("effective_on")
    filled = {name: value for name, value in fields.items() if value not in (None, [], ())}
    return WouldRecord(stream=_kind_of(stream), type=fact.type_name, effective_on=day, fields=filled)


def _masked(value: object) -> str:
    if isinstance(value, Personal):
        return MASK
    raise TypeError(type(value).__name__)


def _kind_of(stream: str) -> str:
    """What the stream is of, without which one: its id, or what stands behind the first hyphen."""
    kind = STREAM_ID.sub("", stream)
    return kind if kind != stream else stream.partition("-")[0]
