"""Helpers as the check rules find them in the log, and what is said when one is assigned."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.findings.domain import KEY, RULES, CheckedHelper, HelperCheck, now_of, periods_of, reads
from services.assistance.messages import say
from services.assistance.pairs.domain import helper_id
from services.assistance.pairs.streams import following_stream as stream_of
from services.casework.findings.domain import FactChecks
from services.casework.findings.entry_warnings import FactFindings, newly_found
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import CommandWarning
from services.chassis.log.unit import Tx

HELPER_AREAS = """
SELECT helper_id AS subject, CASE
    WHEN min(division) = max(division) THEN min(division)
    WHEN left(min(division), 9) = left(max(division), 9) THEN left(min(division), 9)
    WHEN left(min(division), 6) = left(max(division), 6) THEN left(min(division), 6)
    WHEN left(min(division), 4) = left(max(division), 4) THEN left(min(division), 4)
    ELSE left(min(division), 2) END AS division
FROM helpers JOIN households USING (household_id) WHERE helper_id IN (SELECT subject FROM findings) GROUP BY helper_id
"""
"""SQL of the relation (subject, division) of helpers about whom there is or was a finding: the smallest division in which all
households are that they ever had."""
HOUSEHOLDS_OF = b"SELECT household_id FROM helpers WHERE helper_id = %s"


def explain(rule: str, given: Mapping[str, Any]) -> Message:
    """Raises ``KeyError`` where a figure is missing."""
    match HelperCheck(rule):
        case HelperCheck.TOO_MANY_HOUSEHOLDS:
            return say("helper_check_too_many_households", **given)


def timeline_of(_: UUID, facts: Sequence[Recorded], as_of: date, known_at: datetime | None) -> Sequence[Recorded]:
    return timeline(facts, as_of=as_of, known_at=known_at)


CHECKS = FactChecks(
    key=KEY, log="assistance", rules=RULES, explain=explain, value_type=CheckedHelper, periods=periods_of,
    timeline=timeline_of, reads=reads, now=now_of, of_households=False,
)  # fmt: skip


class CheckedHelpers:
    """Implements ``CheckedSubjects``. A helper has no stream of their own."""

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return ()

    def subject_of(self, recorded: Recorded) -> UUID | None:
        return None

    def facts(self, tx: Tx, subject: UUID) -> Sequence[Recorded]:
        households = [row[0] for row in tx.cur.execute(HOUSEHOLDS_OF, (subject,), prepare=True)]
        streams = tx.load_many(map(stream_of, households))
        return [recorded for facts in streams.values() for recorded in facts]

    def area(self, tx: Tx, subject: UUID) -> str:
        sql = f"SELECT division FROM ({HELPER_AREAS}) areas WHERE subject = %s"
        row = tx.cur.execute(sql.encode(), (subject,)).fetchone()
        if row is None:
            raise Refused(NOT_FOUND)
        return str(row[0])


class CaseloadNotice:
    """Says in the answer to a command what it makes the rules find about a helper that they did not find before."""

    def __init__(self, findings: FactFindings[CheckedHelper]) -> None:
        self._findings = findings

    def __call__(self, tx: Tx, helper: str, household: UUID) -> None:
        """``household``: whom the helper gets; the view does not know that yet."""
        subject, checks = helper_id(helper), self._findings.checks
        known = {r.id: r for r in (*self._findings.subjects.facts(tx, subject), *tx.load(stream_of(household)))}
        after = list(known.values())
        before = [r for r in after if r.position <= tx.head]
        for found in newly_found(checks, self._findings.editions(tx), subject, before, after, tx.today):
            about = {"finding_id": str(found.finding_id), "subject": str(subject)}
            tx.warnings.append(CommandWarning.of(found.rule, checks.explanation_of(found), about))
