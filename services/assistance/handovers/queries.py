"""What a leaver has in hand: pairs, with the duties that run, promises, open cases and unpaid lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from psycopg.rows import class_row

from contracts.assistance.handovers import HandoverLineAccepted
from contracts.casework.records import SubjectKind
from contracts.civil import civil_day
from contracts.selection import timeline
from services.assistance.handovers.domain import Handover, Line, handover, stream_of
from services.assistance.handovers.store import in_hand, inside
from services.assistance.pairs.queries import PairQueries
from services.assistance.pairs.state import Pair, helped
from services.assistance.pairs.told import facts_of
from services.casework.duties.domain import DutyState
from services.casework.duties.queries import DutyFilter, DutyQueries
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range

OPEN_CASES = b"SELECT subject, count(*)::int FROM cases WHERE subject = ANY(%s) AND outcome IS NULL GROUP BY subject"
UNPAID = (
    b"SELECT l.unit, count(*)::int FROM payment_lines l JOIN pay_lists p USING (list_id)"
    b" WHERE l.unit = ANY(%s) AND l.live AND p.settled + p.returned < p.total GROUP BY l.unit"
)
"""Lines of lists of which not everything is settled."""
A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    subject: UUID
    pair: int
    kind: str
    about: SubjectKind
    due: int
    overdue: int
    unsigned: bool
    exit_by: date | None
    open_cases: int
    unpaid_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHandover:
    handover_id: UUID
    helper: str
    leader: str
    leader_unit: str
    effective_on: date
    accept_by: date
    closed: bool
    lines: Sequence[OpenLine]
    accepted: Sequence[HandoverLineAccepted]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedHandover:
    handover_id: UUID
    helper: str
    leader: str
    leader_unit: str
    division: str
    effective_on: date
    accept_by: date
    accepted: int
    closed: bool


LISTED = """
SELECT handover_id, helper, leader, leader_unit, division, effective_on, accept_by, accepted, closed FROM handovers
WHERE (division >= %(low)s AND division < %(high)s OR leader = %(account)s)
  AND (%(closed)s::bool IS NULL OR closed = %(closed)s)
  AND (division, handover_id) > (%(division)s, %(after)s) ORDER BY division, handover_id LIMIT %(limit)s
"""


class HandoverQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, duties: DutyQueries, pairs: PairQueries) -> None:
        self._store, self._duties, self._pairs = store, duties, pairs

    def listed(
        self, division: str, actor: Actor, *, closed: bool | None, after: tuple[str, UUID], limit: int
    ) -> list[ListedHandover]:
        """Of offices under a division, and those of which the actor takes the rest."""
        low, high = code_range(division)
        asked = {
            "low": low, "high": high, "account": actor.subject, "closed": closed, "division": after[0], "after": after[1],
            "limit": limit,
        }  # fmt: skip
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(ListedHandover)) as cur:
            return cur.execute(LISTED.encode(), asked).fetchall()

    def read(self, handover_id: UUID, actor: Actor) -> FoundHandover:
        """Of kinds of pairs that are not for the actor no line is told, accepted or not; of subjects outside their area to the leader
        alone, to whom they fall. Raises ``NOT_FOUND``."""
        state = handover(timeline(self._store.stream(stream_of(handover_id))))
        if state is None or not (actor.covers(state.opened.area) or actor.subject == state.opened.leader):
            raise Refused(NOT_FOUND)
        opened, closed_kinds = state.opened, set(self._pairs.closed_to(actor))

        def found(tx: Tx) -> tuple[dict[Line, Pair], list[HandoverLineAccepted], dict[UUID, int], dict[UUID, int]]:
            lines = in_hand(tx, opened.helper)
            passed_on = _passed_on(tx, state)
            if actor.subject != opened.leader:
                lines, passed_on = inside(tx, lines, actor), inside(tx, passed_on, actor)
            subjects = [line.subject for line in lines]
            cases = dict(tx.cur.execute(OPEN_CASES, (subjects,)).fetchall())
            unpaid = dict(tx.cur.execute(UNPAID, (subjects,)).fetchall())
            accepted = [
                one
                for one in state.accepted
                if one.helper == actor.subject
                or ((pair := passed_on.get(_line_of(one))) is not None and pair.formed.kind not in closed_kinds)
            ]
            return lines, accepted, cases, unpaid

        lines, accepted, cases, unpaid = self._store.on_snapshot(found)
        counted = self._counted(lines, opened.helper, actor)
        return FoundHandover(
            handover_id=handover_id, helper=opened.helper, leader=opened.leader, leader_unit=opened.leader_unit,
            effective_on=opened.effective_on, accept_by=opened.accept_by, closed=state.closed,
            lines=[
                OpenLine(
                    subject=line.subject, pair=line.pair, kind=pair.formed.kind, about=pair.formed.about,
                    due=counted[line].count(DutyState.DUE), overdue=counted[line].count(DutyState.OVERDUE),
                    unsigned=pair.begins is None, exit_by=None if pair.contract is None else pair.contract.exit_by,
                    open_cases=cases.get(line.subject, 0), unpaid_lines=unpaid.get(line.subject, 0),
                )
                for line, pair in lines.items()
                if pair.formed.kind not in closed_kinds
            ],
            accepted=accepted,
        )  # fmt: skip

    def _counted(self, lines: Mapping[Line, Pair], helper: str, actor: Actor) -> Mapping[Line, Sequence[DutyState]]:
        """How the leaver's duties stand, each with the pair by which it is owed, or with the first with its subject."""
        today = civil_day(self._store.now())
        found: dict[Line, list[DutyState]] = {line: [] for line in lines}
        by_subject: dict[UUID, dict[str, Line]] = {}
        for line in sorted(lines):
            by_subject.setdefault(line.subject, {})[lines[line].formed.kind] = line
        for subject, by_kind in by_subject.items():
            asked = DutyFilter(
                division="", subject=subject, obliged=helper, state=None, since=today - A_YEAR, as_of=today, known_at=None,
                reader=actor,
            )  # fmt: skip
            first = next(iter(by_kind.values()))
            for one in (one for of in self._duties.of_subjects(asked, UUID(int=0), 1) for one in of.duties):
                found[by_kind.get(one.obligation.of, first)].append(one.state(today))
        return found


def _line_of(one: HandoverLineAccepted) -> Line:
    return Line(one.subject, one.pair or 0)


def _passed_on(tx: Tx, state: Handover) -> dict[Line, Pair]:
    """What was accepted, by the pairs that were handed over."""
    told = facts_of(tx, {one.subject for one in state.accepted})
    found = {subject: helped(facts).pairs for subject, facts in told.items()}
    of_helper = {
        subject: next((p for p in pairs.values() if p.formed.helper == state.opened.helper), None)
        for subject, pairs in found.items()
    }
    pairs = {_line_of(one): found[one.subject].get(one.pair or 0) or of_helper[one.subject] for one in state.accepted}
    return {line: pair for line, pair in pairs.items() if pair is not None}
