"""The state of a case, folded from its facts. No procedure document is needed: facts carry the figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from contracts.casework import cases as facts
from contracts.facts import Decision, Fact, Recorded
from services.casework.calendars.day_count import ONE_DAY
from services.casework.procedures.document import OPENING
from services.chassis.ground.next_steps import NextStep

GREEN_CHANNEL = ".green_channel"
"""Among the entries: who took the green channel. No step has this key."""
RESOLUTION = ".resolution"
"""Behind the key of a notice, among the entries: who resolved an objection to it, which is no entry of the notice's own."""


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult of a household on a day. ``authorise``: the act that enters the authorisation which is missing on that day;
    ``None`` where a valid one stands."""

    person_id: UUID
    authorise: NextStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The subject of a case on the day of a command. ``area``: the division where it is today or, where nothing of it
    stands, was believed to be last; ``standing``: on that day, ``None`` when it was not on record, ``since`` when and by
    which fact; ``adults``: of its household on that day, where a comparison asks about them; ``hands``: the accounts that
    entered what the case is decided from; ``open_case_id``: the case that is open for it; ``effect_stands``: what the case
    brought about."""

    id: UUID
    household_id: UUID | None
    area: str
    standing: str | None
    since: date | None = None
    fact_id: str = ""
    hands: frozenset[str] = frozenset()
    open_case_id: UUID | None = None
    effect_stands: bool = False
    adults: Sequence[Adult] = ()


class PostedNotice(Struct, frozen=True):
    """``latest_on``: day of its posting, or of the latest objection or resolution; ``objected_since``: the day since which at
    least one objection to it has been open."""

    step: str
    posted_on: date
    last_day: date
    latest_on: date
    closed: bool = False
    objected_since: date | None = None
    taken_down_on: date | None = None


class Objection(Struct, frozen=True):
    no: int
    step: str
    open: bool = True


class CaseState(Struct, frozen=True, kw_only=True):
    """``latest_on``: day of the latest act of somebody; what the calendar found is none. ``done``: keys of completed steps.
    ``unclean_comparisons``: keys of comparisons whose last result was not clean. ``entries``: who entered what, as (account, step
    key). ``returned``: for correction, and no step was taken since; ``returned_on``: when last. ``deferred``: steps to be made good
    until the end of ``make_good_by``, the green channel having been taken; ``clue_id``: the clue that it takes up; ``days``: of the
    steps that were taken, posted or closed; ``due_by``: last day of the term, which has stood still since ``objected_since`` while an
    objection is open."""

    case_id: UUID
    subject: UUID
    household_id: UUID | None
    standing: str
    procedure: str
    edition: str
    cause: str | None
    opened_on: date
    latest_on: date
    done: frozenset[str] = frozenset()
    notices: tuple[PostedNotice, ...] = ()
    objections: tuple[Objection, ...] = ()
    unclean_comparisons: frozenset[str] = frozenset()
    entries: frozenset[tuple[str, str]] = frozenset()
    approved: bool | None = None
    decision: Decision | None = None
    outcome: facts.CaseOutcome | None = None
    returned: bool = False
    deferred: frozenset[str] = frozenset()
    green_channel_on: date | None = None
    make_good_by: date | None = None
    clue_id: UUID | None = None
    days: Mapping[str, date] = {}
    returned_on: date | None = None
    due_by: date | None = None
    objected_since: date | None = None
    term_exceeded: bool = False

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def stands_since(self) -> date:
        """Day of the latest act of somebody, or of the end of a notice."""
        return max(self.latest_on, *self.days.values()) if self.days else self.latest_on

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        return tuple(o for o in self.objections if o.open)

    @property
    def running_notice(self) -> PostedNotice | None:
        return next((n for n in self.notices if not n.closed), None) if self.is_open else None

    def notice(self, step: str) -> PostedNotice | None:
        """The notice of this step, running or closed; none when it was never posted or must be posted again."""
        return next((n for n in self.notices if n.step == step), None)


def due_notice_end(state: CaseState) -> date | None:
    """The first day on which the running notice may be closed: the day after its last day, or the day on which the last
    objection was resolved, if later. ``None`` while no notice runs or an objection is open."""
    notice = state.running_notice
    if notice is None or state.open_objections:
        return None
    return max(notice.last_day + ONE_DAY, notice.latest_on)


def before_closings(state: CaseState, day: date) -> CaseState:
    """As it stood on that day: a notice that the calendar closed later was hanging still."""
    for notice in state.notices:
        if notice.closed and state.days[notice.step] > day:
            state = _reopened(state, notice)
    return state


def _reopened(state: CaseState, notice: PostedNotice) -> CaseState:
    again = replace(state, done=state.done - {notice.step}, days={**state.days, notice.step: notice.posted_on})
    return _with_notice(again, notice.step, lambda n: replace(n, closed=False))


def day_after_term(state: CaseState) -> date | None:
    """The day after the last one of the case's term; ``None`` where it has none, or it stands still, or that is recorded."""
    if not state.is_open or state.due_by is None or state.open_objections or state.term_exceeded:
        return None
    return state.due_by + ONE_DAY


def fold(timeline: Iterable[Recorded]) -> CaseState | None:
    """The state after a timeline of one case (already selected and ordered); ``None`` when it holds nothing."""
    state: CaseState | None = None
    for entry in timeline:
        state = evolve(state, entry.fact)
    return state


def evolve(state: CaseState | None, fact: Fact) -> CaseState:
    """Raises ``ValueError`` for a fact that no case can begin with, or that belongs to no case."""
    if isinstance(fact, facts.CaseOpened):
        return CaseState(
            case_id=fact.case_id,
            subject=fact.subject,
            household_id=fact.household_id,
            standing=fact.standing,
            procedure=fact.procedure,
            edition=fact.edition,
            cause=fact.cause,
            opened_on=fact.effective_on,
            latest_on=fact.effective_on,
            entries=frozenset({(fact.entered_by, OPENING)}),
            clue_id=fact.clue_id,
            due_by=fact.due_by,
        )
    if state is None:
        raise ValueError(f"a case begins with CaseOpened, not {fact.type_name}")
    if isinstance(fact, facts.MakeGoodMissed):
        # Found by the calendar, as what follows: an act of an earlier day may still be entered.
        return state
    if isinstance(fact, facts.TermExceeded):
        return replace(state, term_exceeded=state.due_by is None or fact.due_by >= state.due_by)
    if isinstance(fact, facts.NoticeClosed):
        return _close_notice(state, fact)
    if isinstance(fact, facts.NoticeTakenDown):
        return _with_notice(state, fact.step, lambda n: replace(n, taken_down_on=fact.effective_on))
    changed = _evolve_notice(state, fact) or _evolve_step(state, fact)
    return replace(changed, latest_on=max(state.latest_on, fact.effective_on))


def _evolve_step(state: CaseState, fact: Fact) -> CaseState:
    match fact:
        case facts.InspectionMade(passed=False):
            return replace(state, entries=state.entries | {(fact.entered_by, fact.step)})
        case (
            facts.VisitMade() | facts.AppraisalHeld() | facts.ConsentGiven() | facts.ReviewGiven()
            | facts.OpinionGiven() | facts.SignatureGiven() | facts.InspectionMade()
        ):  # fmt: skip
            return _with_completed(state, fact)
        case facts.GreenChannelTaken(deferred=deferred, make_good_by=day):
            return replace(
                state,
                deferred=frozenset(deferred),
                green_channel_on=fact.effective_on,
                make_good_by=day,
                entries=state.entries | {(fact.entered_by, GREEN_CHANNEL)},
            )
        case facts.ComparisonMade(step=step, clean=clean):
            before = state.unclean_comparisons
            unclean = before - {step} if clean else before | {step}
            return replace(_with_completed(state, fact), unclean_comparisons=unclean)
        case facts.CaseDecided():
            done = _with_completed(state, fact)
            return replace(done, approved=fact.approved, decision=fact.decision)
        case facts.CaseAnnounced():
            return _with_completed(state, fact)
        case facts.CaseReturned(undone=undone):
            return replace(
                state,
                done=state.done.difference(undone),
                returned=True,
                returned_on=fact.effective_on,
                notices=tuple(n for n in state.notices if n.step not in undone),
                days={step: day for step, day in state.days.items() if step not in undone},
            )
        case facts.CaseEnded(outcome=outcome):
            return replace(state, outcome=outcome)
        case _:
            raise ValueError(f"{fact.type_name} is no fact of a case")


def _evolve_notice(state: CaseState, fact: Fact) -> CaseState | None:
    match fact:
        case facts.NoticePosted(step=step, posted_on=posted_on, last_day=last_day):
            notice = PostedNotice(step, posted_on, last_day, latest_on=posted_on)
            posted = (*(n for n in state.notices if n.step != step), notice)
            days = {**state.days, step: posted_on}
            return replace(state, notices=posted, days=days, entries=state.entries | {(fact.entered_by, step)})
        case facts.ObjectionRaised(step=step, objection_no=no):
            hanging = state.notice(step)
            if hanging is not None and hanging.closed and fact.effective_on <= hanging.last_day:
                # Told late: the calendar closed the notice as free of objection, which it was not.
                state = _reopened(state, hanging)
            raised = replace(
                state,
                objections=(*state.objections, Objection(no, step)),
                entries=state.entries | {(fact.entered_by, step)},
                objected_since=state.objected_since or fact.effective_on,
            )
            return _with_act(raised, fact, lambda n: replace(n, objected_since=n.objected_since or fact.effective_on))
        case facts.ObjectionResolved(step=step, objection_no=no, notice_last_day=last_day):
            resolved = replace(
                state,
                objections=tuple(replace(o, open=o.open and o.no != no) for o in state.objections),
                entries=state.entries | {(fact.entered_by, f"{step}{RESOLUTION}")},
            )
            if not resolved.open_objections:
                resolved = replace(resolved, objected_since=None, due_by=fact.due_by or state.due_by)
                # The term went on standing still, told late or not: its last day is another one.
                resolved = replace(resolved, term_exceeded=state.term_exceeded and fact.due_by is None)
            if any(o.step == step for o in resolved.open_objections):
                return _with_act(resolved, fact, lambda n: n)
            return _with_act(resolved, fact, lambda n: replace(n, objected_since=None, last_day=last_day or n.last_day))
        case _:
            return None


def _close_notice(state: CaseState, fact: facts.NoticeClosed) -> CaseState:
    """A timer closes a notice: nobody entered it. Facts are in the order of their days, so that the closing which an objection,
    told late, undid comes after it, and is none; nor is that of a notice which was returned on an earlier day."""
    notice = state.notice(fact.step)
    if notice is None or fact.effective_on <= notice.last_day or notice.objected_since is not None:
        return state
    closed = replace(state, done=state.done | {fact.step}, days={**state.days, fact.step: fact.effective_on})
    return _with_notice(closed, fact.step, lambda n: replace(n, closed=True))


def _with_act(state: CaseState, fact: Any, change: Callable[[PostedNotice], PostedNotice]) -> CaseState:
    """An objection to a notice, or a resolution."""
    return _with_notice(state, fact.step, lambda n: replace(change(n), latest_on=max(n.latest_on, fact.effective_on)))


def _with_notice(state: CaseState, step: str, change: Callable[[PostedNotice], PostedNotice]) -> CaseState:
    return replace(state, notices=tuple(change(n) if n.step == step else n for n in state.notices))


def _with_completed(state: CaseState, fact: Any) -> CaseState:
    step = fact.step
    return replace(
        state, done=state.done | {step}, returned=False, entries=state.entries | {(fact.entered_by, step)},
        days={**state.days, step: fact.effective_on},
    )  # fmt: skip
