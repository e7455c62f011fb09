"""Households as the check rules of risks find them: the register's facts about them, and those about their measures."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts.assistance.measures import MeasuresFact, PlanCause
from contracts.facts import Recorded
from services.assistance.findings.risks.domain import (
    BETWEEN,
    KEY,
    RULES,
    CheckedRisks,
    RiskCheck,
    now_of,
    periods_of,
    reads,
    timeline_of,
)
from services.assistance.measures.domain import stream_of
from services.assistance.messages import say
from services.casework.findings.domain import FactChecks
from services.casework.people.queries import facts_about_households
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.unit import Tx

RISK_AREAS = (
    "SELECT household_id AS subject, division FROM households WHERE household_id IN (SELECT subject FROM risk_findings)"
)
"""SQL of the relation (subject, division) of households about whose risks there is or was a finding."""
HOUSEHOLD = b"SELECT division FROM households WHERE household_id = %s"


def explain(rule: str, given: Mapping[str, Any]) -> Message:
    """Raises ``KeyError`` where a figure is missing."""
    match RiskCheck(rule):
        case RiskCheck.RISK_WITHOUT_MEASURE:
            labels = {cause: LABELS.code(PlanCause(cause)) for cause in str(given["causes"]).split(BETWEEN)}
            causes = [Message(cause, label.zh, label.en) for cause, label in labels.items()]
            return say("risk_check_without_measure", causes=causes)


CHECKS = FactChecks(
    key=KEY, log="assistance", rules=RULES, explain=explain, value_type=CheckedRisks, periods=periods_of,
    timeline=timeline_of, reads=reads, now=now_of, table_prefix="risk_",
)  # fmt: skip


class CheckedRiskHouseholds:
    """Implements ``CheckedSubjects``."""

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return (stream_of(subject),)

    def subject_of(self, recorded: Recorded) -> UUID | None:
        return recorded.fact.household_id if isinstance(recorded.fact, MeasuresFact) else None

    def facts(self, tx: Tx, subject: UUID) -> Sequence[Recorded]:
        return [*facts_about_households(tx.cur, [subject])[subject], *tx.load(stream_of(subject))]

    def area(self, tx: Tx, subject: UUID) -> str:
        row = tx.cur.execute(HOUSEHOLD, (subject,), prepare=True).fetchone()
        if row is None:
            raise Refused(NOT_FOUND)
        return str(row[0])
