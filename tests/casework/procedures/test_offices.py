"""Which office a command belongs to."""

import pytest

from contracts.casework.cases import ReviewOutcome
from contracts.facts import Fact
from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.procedures import commands as c
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.offices import offices_of, require_office
from services.casework.procedures.state import fold
from services.chassis.ground.refusals import Refused
from tests.casework.procedures.example_cases import (
    EXIT,
    TEXT,
    appraise,
    command,
    decide_on,
    exit_until_notice,
    exit_until_review,
    objected,
    open_case,
    opened,
    pass_review,
    returned,
)
from tests.support.recorded import recorded

VILLAGE_CADRE = CompetentOffice(level=Level.VILLAGE, role=Role.CADRE)
TOWNSHIP_CADRE = CompetentOffice(level=Level.TOWNSHIP, role=Role.CADRE)
TOWNSHIP_REVIEWER = CompetentOffice(level=Level.TOWNSHIP, role=Role.REVIEWER)
COUNTY_DECIDER = CompetentOffice(level=Level.COUNTY, role=Role.DECIDER)
OBJECTION = command(c.RaiseObjection, 7, text=TEXT)
FINDING = command(c.ResolveObjection, 8, objection_no=1, upheld=False, finding=TEXT)


@pytest.mark.parametrize(
    ("facts", "command", "offices"),
    [
        ((), open_case(), (VILLAGE_CADRE,)),
        ((opened(),), appraise(2), (VILLAGE_CADRE,)),
        ((opened(),), command(c.WithdrawCase, 2), (VILLAGE_CADRE,)),
        (exit_until_notice(), OBJECTION, (VILLAGE_CADRE,)),
        (exit_until_notice(), FINDING, (TOWNSHIP_CADRE,)),
        (exit_until_notice(), command(c.ReturnCase, 8, back_to="check", reason=TEXT), (VILLAGE_CADRE,)),
        (exit_until_notice(), command(c.ReturnCase, 14, back_to="check", reason=TEXT), (TOWNSHIP_REVIEWER,)),
        (exit_until_notice(), pass_review(14), (TOWNSHIP_REVIEWER,)),
        (exit_until_review(), decide_on(15), (COUNTY_DECIDER,)),
        (exit_until_review(), command(c.CloseNotice, 13), ()),
    ],
)
def test_every_command_belongs_to_its_offices(
    facts: tuple[Fact, ...], command: c.Command, offices: tuple[CompetentOffice, ...]
) -> None:
    assert offices_of(command, fold(recorded(*facts)), EXIT) == offices


def test_an_objection_is_heard_by_the_same_office_once_its_notice_has_come_down() -> None:
    """Else whoever posted the notice returns the case, and the village hears what was said against it."""
    came_down = returned(8, back_to="appraisal", undone=("appraisal", "check", "consent", "village_notice"))
    state = fold(recorded(*exit_until_notice(), objected(7), came_down))
    assert state is not None
    assert not state.notices
    resolving = command(c.ResolveObjection, 9, objection_no=1, upheld=False, finding=TEXT)
    assert offices_of(resolving, state, EXIT) == (TOWNSHIP_CADRE,)


def test_a_step_out_of_turn_belongs_to_its_own_office_all_the_same() -> None:
    early = command(c.GiveReview, 2, outcome=ReviewOutcome.PASSED)
    assert offices_of(early, fold(recorded(opened())), EXIT) == (TOWNSHIP_REVIEWER,)


def test_the_right_role_at_the_right_level_may_act() -> None:
    require_office((TOWNSHIP_REVIEWER,), {Role.REVIEWER, Role.CADRE}, Level.TOWNSHIP)
    require_office((), (), Level.VILLAGE)


@pytest.mark.parametrize(
    ("roles", "level"),
    [({Role.CADRE}, Level.TOWNSHIP), ({Role.REVIEWER}, Level.VILLAGE), ({Role.REVIEWER}, Level.COUNTY)],
)
def test_another_role_or_another_level_may_not(roles: set[Role], level: Level) -> None:
    with pytest.raises(Refused) as refusal:
        require_office((TOWNSHIP_REVIEWER,), roles, level)
    assert (refusal.value.rule.code, refusal.value.rule.status) == ("office_not_allowed", 403)
