"""Setting targets: quantity, deadline and owners are mandatory (M189, C25, source facts §5 rules 55, 75)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from contracts.facts import Fact
from contracts.monitoring.targets import Direction, Owner, TargetLine, TargetSet
from contracts.quantities import Quantity, Unit
from services.monitoring.labels import is_truncated
from services.monitoring.targets.domain import item_key, set_target, work_key
from services.monitoring.targets.state import Target
from tests.monitoring.work_list import ADOPTED, BY_DEADLINE, ROWS, target_set
from tests.support.given import specification


def decide(proposed: TargetSet, _: object, today: date) -> Sequence[Fact]:
    return set_target(proposed, today)


given = specification(decide)


def test_every_item_of_the_work_list_can_be_set() -> None:
    for item, *_ in ROWS:
        given().when(target_set(item), ADOPTED).then(target_set(item))


def test_the_work_list_in_order_of_its_deadlines_is_the_one_of_table_4_1() -> None:
    targets = sorted((Target.from_fact(target_set(item)) for item, *_ in ROWS), key=lambda t: (t.deadline, t.item))
    assert tuple(t.item for t in targets) == BY_DEADLINE


def test_an_item_without_owner_is_refused() -> None:
    given().when(target_set("W3", owners=()), ADOPTED).then_refused("target_without_owner")


def test_an_item_without_quantity_is_refused() -> None:
    given().when(target_set("W3", lines=()), ADOPTED).then_refused("target_without_quantity")


@pytest.mark.parametrize("label", ["李", "李…", "李...", "李某", "李×", "R6?"])
def test_an_incomplete_owner_is_refused_unless_the_source_says_no_more(label: str) -> None:
    bare, noted = Owner(label=label), Owner(label=label, owner_note="原件如此")
    given().when(target_set("W8", owners=(Owner(label="R5"), bare)), ADOPTED).then_refused(
        "target_owner_incomplete", owner_number=2
    )
    given().when(target_set("W8", owners=(noted,)), ADOPTED).then(target_set("W8", owners=(noted,)))


def test_posts_and_accounts_are_complete_labels() -> None:
    assert not any(is_truncated(label) for label in ("R1", "副镇长", "镇扶贫办主任", "op-7@township"))


def test_the_same_owner_is_not_named_twice() -> None:
    twice = (Owner(label="R2"), Owner(label="R2", owner_note="again"))
    given().when(target_set("W3", owners=twice), ADOPTED).then_refused("target_owner_named_twice")


def line(number: int, amount: str, unit: Unit) -> TargetLine:
    quantity = Quantity(amount=Decimal(amount), unit=unit)
    return TargetLine(line=number, quantity=quantity, place="全镇", direction=Direction.AT_LEAST)


def test_buildings_are_counted_and_roads_measured() -> None:
    given().when(target_set("W3", lines=(line(1, "1.5", Unit.BUILDING),)), ADOPTED).then_refused(
        "target_amount_not_whole", unit=Unit.BUILDING
    )
    given().when(target_set("W3", lines=(line(1, "1.5", Unit.KILOMETRE),)), ADOPTED).then_happened(TargetSet)


@pytest.mark.parametrize(
    "lines",
    [
        (line(1, "105", Unit.HOUSEHOLD),),
        (line(1, "105", Unit.HOUSEHOLD), line(2, "421", Unit.ATTENDANCE)),
        (line(1, "105", Unit.HOUSEHOLD), line(2, "421", Unit.PERSON), line(3, "1", Unit.PERSON)),
    ],
)
def test_an_exit_target_is_a_pair_of_households_and_persons(lines: tuple[TargetLine, ...]) -> None:
    given().when(target_set("W8", lines=lines), ADOPTED).then_refused("exit_target_needs_households_and_persons")


def test_a_yearly_exit_target_is_due_within_its_year() -> None:
    late = target_set("W8", deadline=date(2017, 1, 1))
    given().when(late, ADOPTED).then_refused("exit_target_deadline_outside_year")


def test_a_list_adopted_tomorrow_cannot_be_entered_today() -> None:
    tomorrow = target_set("W3", effective_on=date(2016, 1, 21))
    given().when(tomorrow, ADOPTED).then_refused("target_day_in_future")
    given().when(tomorrow, date(2016, 1, 21)).then_happened(TargetSet)


def test_the_deadline_may_be_the_day_of_adoption_but_not_the_day_before() -> None:
    given().when(target_set("W3", deadline=ADOPTED), ADOPTED).then_happened(TargetSet)
    given().when(target_set("W3", deadline=date(2016, 1, 19)), ADOPTED).then_refused("target_deadline_before_adoption")


def test_the_same_work_is_recognised_across_spellings_but_not_across_places_or_units() -> None:
    grid = Target.from_fact(target_set("W4"))
    other = Target.from_fact(target_set("W4", item="X4", work_list="另一清单", content="农网 改造"))
    assert work_key(grid, 1) == work_key(other, 1)
    assert len({work_key(grid, number) for number in (1, 2, 3, 4)}) == 4
    assert item_key(grid) != item_key(other)
