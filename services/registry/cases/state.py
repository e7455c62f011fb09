"""Where a case stands, and how each fact changes it. No procedure document is needed: facts carry the figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.facts import Decision, Fact, Recorded
from contracts.registry import cases as facts
from contracts.registry.households import PovertyCause, PovertyStatus
from services.registry.cases.notice_days import ONE_DAY
from services.registry.cases.procedures import OPENING


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The household as the case sees it on the command's day: its poverty status, since when, by which fact (its id;
    for a household formed by a split, the fact that formed it), and the id of a case that is open for it."""

    status: PovertyStatus
    since: date
    by_fact: str
    open_case: UUID | None = None


@dataclass(frozen=True, slots=True)
class PostedNotice:
    """``objected_since``: the day since which at least one objection to it has been open."""

    step: str
    last_day: date
    closed: bool = False
    objected_since: date | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    no: int
    step: str
    open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """``latest_on``: day of the latest fact. ``done``: keys of steps completed. ``unclean``: comparisons whose last
    result found something. ``hands``: who entered what, as (subject, step key)."""

    case_id: UUID
    household_id: UUID
    procedure: str
    edition: str
    division: str
    cause: PovertyCause | None
    opened_on: date
    latest_on: date
    done: frozenset[str] = frozenset()
    notices: tuple[PostedNotice, ...] = ()
    objections: tuple[Objection, ...] = ()
    unclean: frozenset[str] = frozenset()
    hands: frozenset[tuple[str, str]] = frozenset()
    approved: bool | None = None
    decision: Decision | None = None
    outcome: facts.CaseOutcome | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        return tuple(o for o in self.objections if o.open)

    @property
    def running_notice(self) -> PostedNotice | None:
        return next((n for n in self.notices if not n.closed), None) if self.is_open else None

    def notice(self, step: str) -> PostedNotice | None:
        """The notice of this step that hangs or hung; none when it was never posted or must be posted anew."""
        return next((n for n in self.notices if n.step == step), None)


def due_notice_end(state: CaseState) -> date | None:
    """The day for the timer: the first on which the running notice may be closed, the day after its last day (or the
    day the last objection was resolved, if later). ``None`` while no notice runs or an objection is open."""
    notice = state.running_notice
    if notice is None or state.open_objections:
        return None
    return max(notice.last_day + ONE_DAY, state.latest_on)


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
            household_id=fact.household_id,
            procedure=fact.procedure,
            edition=fact.edition,
            division=fact.division,
            cause=fact.cause,
            opened_on=fact.effective_on,
            latest_on=fact.effective_on,
            hands=frozenset({(fact.entered_by, OPENING)}),
        )
    if state is None:
        raise ValueError(f"a case begins with CaseOpened, not {fact.type_name}")
    changed = _evolve_notice(state, fact) or _evolve_step(state, fact)
    return replace(changed, latest_on=max(state.latest_on, fact.effective_on))


def _evolve_step(state: CaseState, fact: Fact) -> CaseState:
    match fact:
        case facts.VisitMade() | facts.AppraisalHeld() | facts.ConsentGiven() | facts.ReviewGiven():
            return _done(state, fact.step, fact.entered_by)
        case facts.ComparisonMade(step=step, clean=clean):
            unclean = state.unclean - {step} if clean else state.unclean | {step}
            return replace(_done(state, step, fact.entered_by), unclean=unclean)
        case facts.CaseDecided():
            done = _done(state, fact.step, fact.entered_by)
            return replace(done, approved=fact.approved, decision=fact.decision)
        case facts.CaseAnnounced():
            return _done(state, fact.step, fact.entered_by)
        case facts.CaseReturned(undone=undone):
            return replace(
                state,
                done=state.done.difference(undone),
                notices=tuple(n for n in state.notices if n.step not in undone),
            )
        case facts.CaseEnded(outcome=outcome):
            return replace(state, outcome=outcome)
        case _:
            raise ValueError(f"{fact.type_name} is no fact of a case")


def _evolve_notice(state: CaseState, fact: Fact) -> CaseState | None:
    match fact:
        case facts.NoticePosted(step=step, last_day=last_day):
            posted = (*(n for n in state.notices if n.step != step), PostedNotice(step, last_day))
            return replace(state, notices=posted, hands=state.hands | {(fact.entered_by, step)})
        case facts.ObjectionRaised(step=step, objection_no=no):
            raised = replace(
                state,
                objections=(*state.objections, Objection(no, step)),
                hands=state.hands | {(fact.entered_by, step)},
            )
            return _on_notice(raised, step, lambda n: replace(n, objected_since=n.objected_since or fact.effective_on))
        case facts.ObjectionResolved(step=step, objection_no=no, notice_last_day=last_day):
            resolved = replace(
                state,
                objections=tuple(replace(o, open=o.open and o.no != no) for o in state.objections),
                hands=state.hands | {(fact.entered_by, step)},
            )
            if any(o.step == step for o in resolved.open_objections):
                return resolved
            return _on_notice(
                resolved, step, lambda n: replace(n, objected_since=None, last_day=last_day or n.last_day)
            )
        case facts.NoticeClosed(step=step):
            # A clock closes a notice; whoever happens to be named there entered nothing.
            closed = replace(state, done=state.done | {step})
            return _on_notice(closed, step, lambda n: replace(n, closed=True))
        case _:
            return None


def _on_notice(state: CaseState, step: str, change: Callable[[PostedNotice], PostedNotice]) -> CaseState:
    return replace(state, notices=tuple(change(n) if n.step == step else n for n in state.notices))


def _done(state: CaseState, step: str, by: str) -> CaseState:
    return replace(state, done=state.done | {step}, hands=state.hands | {(by, step)})
