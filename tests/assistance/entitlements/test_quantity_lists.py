"""A school's days, a hospital's costs and a county's incomes come as lists: each row is told by itself, or refused by its rule."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from services.casework.workbooks.importing import importer as importing
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.unit import Unit
from tests.assistance.benefits import scenes as s
from tests.assistance.benefits.field import APPLIED, TOLD, Benefit, BenefitField, adopted, family, part
from tests.assistance.entitlements.quantity_books import book, row
from tests.assistance.harness import assistance_harness

LISTS = "/assistance/quantity-lists/workbooks"
SEPTEMBER = "2016-09-01"


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenefitField]:
    """Two pupils of a school, a student and a household; the second pupil is known by a number."""
    benefits = (s.SCHOOL_LIFE, s.COLLEGE, s.LOW_INCOME)
    s.SCHOOL_LIFE.families[1].pupil = replace(s.SCHOOL_LIFE.families[1].pupil, national_no=NUMBER)
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), APPLIED) as harness:
        found = adopted(harness, benefits)
        found.take_in(benefits)
        harness.advance_to(TOLD)
        yield found


NUMBER = "9900011012010100201"


def sent(office: BenefitField, *rows: Mapping[str, object], who: Any = None, **more: Any) -> Any:
    answer = (who or office.harness.reviewer).post(LISTS, content=book(*rows), **more)
    assert answer.status_code in (200, 201), answer.text
    office.harness.running.positions.update(answer.json()["position"])
    return answer.json()


def counts(answer: Any) -> tuple[int, int, int, int]:
    return answer["recorded"], answer["updated"], answer["unchanged"], answer["refused"]


def errors(answer: Any) -> list[tuple[int, str]]:
    return [(error["row"], error["code"]) for error in answer["errors"]]


def meals(unit: str, days: object, month: str = SEPTEMBER, on: str = TOLD, **more: object) -> Mapping[str, object]:
    return row(unit, "school_life", "meals", month, on, 天数=days, **more)


def due(office: BenefitField, programme: str, unit: str, component: str) -> list[tuple[str, str]]:
    return sorted((first, yuan) for key, first, yuan in office.due(programme, unit) if key == component)


def test_each_row_is_told_by_itself_and_the_list_again_tells_nothing_new(office: BenefitField) -> None:
    first, second = s.SCHOOL_LIFE.units
    rows = [
        meals(first, 15), row(NUMBER, "县school_life", "meals组成", SEPTEMBER, TOLD, 天数=12),
        row(s.COLLEGE.units[0], "college_aid", "grant", SEPTEMBER, TOLD, 其他资助="5000.00"),
        row(s.LOW_INCOME.units[0], "the county's low_income", "base", "2016-10-01", TOLD, 月人均收入="60.00"),
    ]  # fmt: skip
    tried = sent(office, *rows, params={"dry_run": "true"})
    assert (counts(tried), errors(tried)) == ((4, 0, 0, 0), [])
    assert due(office, "school_life", first, "meals") == []
    done = sent(office, *rows)
    assert (counts(done), done["rows_seen"]) == ((4, 0, 0, 0), 4)
    assert due(office, "school_life", first, "meals") == [(SEPTEMBER, "60.00")]
    assert due(office, "school_life", second, "meals") == [(SEPTEMBER, "48.00")]
    assert due(office, "college_aid", s.COLLEGE.units[0], "grant") == [(SEPTEMBER, "1000.00"), (SEPTEMBER, "4000.00")]
    assert due(office, "low_income", s.LOW_INCOME.units[0], "base")[1:] == [
        ("2016-10-01", "140.00"),
        ("2016-10-01", "40.00"),
    ]
    assert counts(sent(office, *reversed(rows))) == (0, 0, 4, 0)
    assert counts(sent(office, meals(first, 14), *rows[1:])) == (0, 1, 3, 0)
    assert due(office, "school_life", first, "meals") == [(SEPTEMBER, "56.00")]
    progress = office.harness.reviewer.get(f"{LISTS}/{done['batch_id']}").json()
    assert (progress["subjects_done"], progress["summary"]["recorded"]) == (4, 4)


def test_each_wrong_row_is_named_and_the_good_ones_are_told(office: BenefitField) -> None:
    first, second = s.SCHOOL_LIFE.units
    october = "2016-10-01"
    answer = sent(
        office, meals(first, 4, october), meals(first, 5, october), meals(str(uuid4()), 4, october),
        meals(second, 11, october), meals(second, 4, "2016-10-03"), meals(second, 4, october, on="2016-11-01"),
        meals(second, None, october), meals(second, 4, october, 费用="1.00"),
        row(second, "school_life", "boarding", SEPTEMBER, TOLD, 天数=4), row(second, "school_life", "bus", SEPTEMBER, TOLD, 天数=4),
        meals(second, "四天", october), row(second, "school_life", "meals", october, TOLD, 费用="4.00"),
    )  # fmt: skip
    assert (counts(answer), answer["rows_seen"]) == ((1, 0, 0, 11), 12)
    assert errors(answer) == [
        (3, "quantity_list_twice"), (4, "quantity_list_unknown_grant"), (5, "more_days_than_period"),
        (6, "period_not_granted"), (7, "workbook_future_date"), (8, "quantity_list_not_one"), (9, "quantity_list_not_one"),
        (10, "quantity_not_asked"), (11, "component_not_granted"), (12, "number_unreadable"), (13, "quantity_list_twice"),
    ]  # fmt: skip
    assert due(office, "school_life", first, "meals")[-1] == (october, "16.00")
    elsewhere = office.harness.running.client_for("reviewer-9", "990002", Role.REVIEWER)
    assert errors(sent(office, meals(first, 3, october), who=elsewhere)) == [(2, "quantity_list_unknown_grant")]
    marked = office.harness.reviewer.post(f"{LISTS}/annotations", content=book(meals(first, 40, october)))
    assert (marked.status_code, marked.headers["content-type"].split("/")[0]) == (200, "application")


def test_what_was_broken_off_goes_on_where_it_stopped(office: BenefitField, monkeypatch: pytest.MonkeyPatch) -> None:
    file = book(*(meals(unit, 6, "2016-10-01") for unit in s.SCHOOL_LIFE.units))
    monkeypatch.setattr(importing, "CHUNK_SIZE", 1)
    submit, submitted = office.harness.assistance.submit, list[Unit]()

    def broken(unit: Unit) -> Any:
        submitted.append(unit)
        if len(submitted) > 2:  # the file itself, and the first row
            raise StoreUnavailable("away")
        return submit(unit)

    with monkeypatch.context() as away:
        away.setattr(office.harness.assistance, "submit", broken)
        assert office.harness.reviewer.post(LISTS, content=file, key="quantities-10").status_code == 503
    said = [due(office, "school_life", unit, "meals")[-1] for unit in s.SCHOOL_LIFE.units]
    assert said[0] == ("2016-10-01", "8.00")  # beside the 16 of before
    answer = office.harness.reviewer.post(LISTS, content=file, key="quantities-10").json()
    assert (counts(answer), answer["errors"]) == ((1, 1, 0, 0), [])
    assert [
        sum(float(y) for d, y in due(office, "school_life", u, "meals") if d > SEPTEMBER) for u in s.SCHOOL_LIFE.units
    ] == [24, 24]


MEALS = Benefit(
    "school_meals", "M110, B01; a school in autumn 2016", "pupil", ("{is: in_school}",),
    (part("lunch", "canteen", "term", '{kind: per_attended_day, yuan: "4"}'),),
    [family(2004, stage=SchoolStage.JUNIOR) for _ in range(310)], [],
)  # fmt: skip


def test_a_schools_meals_of_a_term_go_to_the_canteen_and_nothing_to_pupils(office: BenefitField) -> None:
    """310 pupils × 98 days of school − 510 days of absence, at 4 yuan: 119,480.00, told by one list."""
    office.adopt(MEALS.document)
    office.register(MEALS.families)
    office.grant(MEALS.families, "2016-09-01", programme="school_meals", component_of="lunch", yuan=Decimal(0))
    office.harness.get("/entitlements", programme="school_meals", limit=1)  # waits for the view
    office.harness.advance_to("2017-01-20")
    absent = [2] * 255 + [0] * 55
    rows = [
        row(str(each.pupil.person_id), "school_meals", "lunch", "2016-09-01", "2017-01-20", 天数=98 - days)
        for each, days in zip(MEALS.families, absent, strict=True)
    ]
    assert counts(sent(office, *rows)) == (310, 0, 0, 0)
    term = {"programme": "school_meals", "period_from": "2016-09-01", "period_to": "2017-01-31"}
    pay_list = office.compile("2017-01-20", **term)
    state, lines = office.read(pay_list), office.lines(pay_list)
    assert (state["lines"], state["total"]) == (310, "119480.00")
    assert {(line["payee_kind"], line["payee"]) for line in lines} == {("canteen", None)}
    figures = office.identities(**term)
    assert (figures["hold"], figures["due_amount"], figures["unpaid"]) == (True, "119480.00", "119480.00")
