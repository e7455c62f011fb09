"""The work list of 2016 (source facts, table 4.1)."""

from datetime import date
from decimal import Decimal

from contracts.quantities import Unit
from lika.demo.divisions import DIVISIONS
from lika.demo.work_list import work_list

ITEMS = {item.code: item for item in work_list()}


def test_there_are_nine_items_with_the_deadlines_of_the_table() -> None:
    assert {code: item.deadline for code, item in ITEMS.items()} == {
        "W1": date(2016, 3, 31),
        "W2": date(2016, 10, 31),
        "W3": date(2016, 11, 20),
        "W4": date(2016, 12, 31),
        "W5": date(2016, 5, 31),
        "W6": date(2016, 5, 31),
        "W7": date(2016, 8, 31),
        "W8": date(2016, 12, 31),
        "W9": date(2016, 12, 10),
    }


def test_the_load_of_every_owner_is_that_of_the_table() -> None:
    load = {
        owner: [code for code, item in ITEMS.items() if owner in item.owners]
        for owner in ("R1", "R2", "R3", "R4", "R5", "R6")
    }
    assert load == {
        "R1": ["W1", "W2", "W5"],
        "R2": ["W1", "W2", "W3", "W4", "W7"],
        "R3": ["W1", "W4", "W6", "W9"],
        "R4": ["W2"],
        "R5": ["W5", "W8", "W9"],
        "R6": ["W8"],
    }  # fmt: skip


def test_quantities_at_two_places_or_in_two_units_are_two_lines() -> None:
    assert [(line.amount, line.unit) for line in ITEMS["W2"].lines] == [
        (Decimal("1.5"), Unit.KILOMETRE),
        (Decimal("3.2"), Unit.KILOMETRE),
    ]
    assert [(line.amount, line.unit) for line in ITEMS["W8"].lines] == [
        (Decimal(105), Unit.HOUSEHOLD),
        (Decimal(421), Unit.PERSON),
    ]
    assert [line.unit for line in ITEMS["W9"].lines] == [Unit.MU, Unit.JIN]


def test_every_place_is_a_division_of_the_sample() -> None:
    codes = {division.code for division in DIVISIONS}
    assert all(set(line.places) <= codes for item in ITEMS.values() for line in item.lines)
