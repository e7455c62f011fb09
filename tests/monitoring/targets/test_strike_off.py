"""动态销号 goes by milestones, quantities and evidence, never by a free status edit (M008, source facts §5 rule 5)."""

from datetime import date

import msgspec
import pytest

from contracts.facts import Evidence, Fact
from contracts.monitoring.targets import (
    MilestonePlanned,
    MilestoneReached,
    TargetOverdue,
    TargetStruckOff,
    TargetWithdrawn,
)
from contracts.quantities import Figures, Unit
from contracts.selection import timeline
from services.monitoring.targets.domain import (
    check_deadline,
    plan_milestone,
    reach_milestone,
    report_progress,
    strike_off,
    withdraw,
)
from services.monitoring.targets.state import TargetState, fold
from tests.monitoring.targets.test_progress import progress_reported
from tests.monitoring.work_list import target_id, target_set
from tests.support.evidence import paper
from tests.support.given import specification
from tests.support.recorded import recorded

PHOTO = paper("photo")
APRIL, MAY, LAST_DAY, JUNE = date(2016, 4, 15), date(2016, 5, 15), date(2016, 5, 31), date(2016, 6, 1)

given_for_planning, given_for_reaching = specification(plan_milestone), specification(reach_milestone)
given_for_strike_off = specification(strike_off)
WATER = target_set("W6")


def milestone(number: int, due_on: date = APRIL, item: str = "W6") -> MilestonePlanned:
    return MilestonePlanned(
        target_id=target_id(item),
        effective_on=date(2016, 2, 1),
        entered_by="planner",
        milestone=number,
        content="管网接通",
        due_on=due_on,
    )


def reached(
    number: int, day: date = APRIL, evidence: tuple[Evidence, ...] = PHOTO, item: str = "W6"
) -> MilestoneReached:
    return MilestoneReached(
        target_id=target_id(item), effective_on=day, entered_by="R3", milestone=number, evidence=evidence
    )


def struck_off(day: date = MAY, by: str = "reviewer", item: str = "W6") -> TargetStruckOff:
    return TargetStruckOff(target_id=target_id(item), effective_on=day, entered_by=by, evidence=PHOTO)


def village_groups_done(amount: str, day: date = MAY) -> Fact:
    return progress_reported(amount, day, unit=Unit.VILLAGE_GROUP, item="W6")


def test_milestones_are_numbered_in_the_order_they_are_planned() -> None:
    given_for_planning(WATER, milestone(1)).when(milestone(0, due_on=MAY), MAY).then(milestone(2, due_on=MAY))


def test_a_milestone_may_be_due_on_the_deadline_but_not_the_day_after() -> None:
    given_for_planning(WATER).when(milestone(0, due_on=LAST_DAY), MAY).then_happened(MilestonePlanned)
    given_for_planning(WATER).when(milestone(0, due_on=JUNE), MAY).then_refused("milestone_after_deadline")


def test_reaching_a_milestone_needs_evidence_and_happens_once() -> None:
    given_for_reaching(WATER, milestone(1)).when(reached(1, evidence=()), MAY).then_refused("target_evidence_missing")
    once = given_for_reaching(WATER, milestone(1)).when(reached(1), MAY).then(reached(1))
    once.when(reached(1, MAY), MAY).then_refused("milestone_already_reached", reached_on=APRIL)


def test_a_milestone_that_was_never_planned_is_not_found() -> None:
    given_for_reaching(WATER, milestone(1)).when(reached(2), MAY).then_refused("not_found")


def test_a_milestone_is_not_reached_before_it_was_planned_nor_tomorrow() -> None:
    given_for_reaching(WATER, milestone(1)).when(reached(1, date(2016, 1, 31)), MAY).then_refused(
        "target_day_too_early"
    )
    given_for_reaching(WATER, milestone(1)).when(reached(1, date(2016, 2, 1)), MAY).then_happened(MilestoneReached)
    given_for_reaching(WATER, milestone(1)).when(reached(1, date(2016, 5, 16)), MAY).then_refused(
        "target_day_in_future"
    )


def test_an_item_is_struck_off_when_every_milestone_is_reached_and_every_quantity_met() -> None:
    after = (
        given_for_strike_off(WATER, milestone(1), reached(1), village_groups_done("6"))
        .when(struck_off(), MAY)
        .then(struck_off())
    )
    target = fold(recorded(*after.facts))
    assert target is not None
    assert target.state(met=True) is TargetState.STRUCK_OFF


def test_nothing_is_struck_off_without_milestones() -> None:
    given_for_strike_off(WATER, village_groups_done("6")).when(struck_off(), MAY).then_refused(
        "target_without_milestones"
    )


def test_nothing_is_struck_off_while_a_milestone_is_open() -> None:
    history = given_for_strike_off(WATER, milestone(1), milestone(2), reached(1), village_groups_done("6"))
    history.when(struck_off(), MAY).then_refused("target_milestones_open", milestones=[2])


def test_nothing_is_struck_off_while_a_quantity_is_not_met() -> None:
    history = given_for_strike_off(WATER, milestone(1), reached(1), village_groups_done("5"))
    history.when(struck_off(), MAY).then_refused("target_quantity_not_met", missing=["1 village_group"])


def test_nothing_is_struck_off_without_evidence() -> None:
    bare = msgspec.structs.replace(struck_off(), evidence=())
    given_for_strike_off(WATER, milestone(1), reached(1), village_groups_done("6")).when(bare, MAY).then_refused(
        "target_evidence_missing"
    )


@pytest.mark.parametrize("reporter", ["R1", "R3"])
def test_nobody_strikes_off_what_they_reported_done_themselves(reporter: str) -> None:
    """R1 reported the quantity, R3 the milestone."""
    history = given_for_strike_off(WATER, milestone(1), reached(1), village_groups_done("6"))
    history.when(struck_off(by=reporter), MAY).then_refused("strikes_off_own_report")


def test_an_item_is_not_struck_off_before_what_is_on_record() -> None:
    history = given_for_strike_off(WATER, milestone(1), reached(1), village_groups_done("6"))
    history.when(struck_off(date(2016, 5, 14)), MAY).then_refused("target_day_too_early", since=MAY)


def test_an_exit_target_is_struck_off_by_exits_in_households_and_in_persons() -> None:
    history = given_for_strike_off(target_set("W8"), milestone(1, item="W8"), reached(1, item="W8"))
    proposed = struck_off(item="W8")
    history.when(proposed, MAY, Figures(105, 420)).then_refused("target_quantity_not_met", missing=["1 person"])
    history.when(proposed, MAY, Figures(104, 421)).then_refused("target_quantity_not_met", missing=["1 household"])
    history.when(proposed, MAY, Figures(105, 421)).then(proposed)


def test_a_closed_target_takes_no_more_facts() -> None:
    closed = (WATER, milestone(1), reached(1), village_groups_done("6"), struck_off())
    for decide, proposed in (
        (report_progress, village_groups_done("6")),
        (plan_milestone, milestone(0)),
        (reach_milestone, reached(1)),
        (strike_off, struck_off()),
    ):
        specification(decide)(*closed).when(proposed, MAY).then_refused("target_closed", state=TargetState.STRUCK_OFF)


def test_an_item_withdrawn_in_time_but_entered_late_was_never_overdue() -> None:
    """The withdrawal is entered in June; the target was overdue meanwhile."""
    before = (WATER, milestone(1), reached(1))
    overdue = check_deadline(recorded(*before), "timer")
    withdrawn = TargetWithdrawn(
        target_id=target_id("W6"), effective_on=LAST_DAY, entered_by="decider", reason="改由县水利局实施"
    )
    history = specification(withdraw)(*before, *overdue)
    after = history.when(withdrawn, JUNE).then(msgspec.structs.replace(withdrawn, annuls=("registry/common/4",)))
    target = fold(timeline(recorded(*after.facts)))
    assert target is not None
    assert target.closed is TargetState.WITHDRAWN
    assert target.overdue is None


def test_an_item_struck_off_after_the_deadline_stays_overdue_on_record() -> None:
    before = (WATER, milestone(1), reached(1))
    overdue = check_deadline(recorded(*before), "timer")
    after = (
        given_for_strike_off(*before, *overdue, village_groups_done("6", JUNE))
        .when(struck_off(JUNE), JUNE)
        .then(struck_off(JUNE))
    )
    target = fold(timeline(recorded(*after.facts)))
    assert target is not None
    assert target.closed is TargetState.STRUCK_OFF
    assert target.overdue is not None
    assert isinstance(overdue[0], TargetOverdue)
