"""What was learned between two days of knowledge, and by which households a figure differs."""

from services.audit.revisions.queries import StatementColumn
from services.audit.statements.domain import STOCKS, Line, StockOf
from tests.audit.fact_builders import HILL, LAKE, TOWN
from tests.audit.statements.test_api import A, B, C, D, auditor, rows_of, running
from tests.support.running import ApiClient

__all__ = ["auditor", "running"]
YEARS = {"division": TOWN, "from": 2014, "to": 2017, "compared_with": "2016-12-31", "known_at": "2017-12-31"}


def part(figures: dict[str, int]) -> tuple[int, int]:
    return figures["households"], figures["persons"]


def test_a_statement_has_both_answers_and_the_difference_of_each_figure(auditor: ApiClient) -> None:
    revised = auditor.get("/audit/statements/revisions", **YEARS).json()
    for name, known_at in (("earlier", "2016-12-31"), ("later", "2017-12-31")):
        asked = {"division": TOWN, "from": 2014, "to": 2017, "known_at": known_at}
        assert [row[name] for row in revised["rows"]] == auditor.get("/audit/statements", **asked).json()["rows"]
    changes = [
        {k: part(v) for k, v in r["change"].items() if k != "period" and any(v.values())} for r in revised["rows"]
    ]
    assert changes == [
        {"removed": (1, 2), "closing": (-1, -2)},
        {"opening": (-1, -2), "closing": (-1, -2)},
        {"opening": (-1, -2), "closing": (-1, -2)},
        {"opening": (-1, -2), "size_change": (1, -1), "moved_out": (1, 2), "closing": (-1, -5)},
    ]


def test_the_households_of_every_figure_sum_to_its_difference(auditor: ApiClient) -> None:
    for row in auditor.get("/audit/statements/revisions", **YEARS).json()["rows"]:
        for column in map(StatementColumn, ("opening", *STOCKS[StockOf.POVERTY].lines, "closing")):
            asked = {
                "period": row["period"],
                "column": column,
                **{k: YEARS[k] for k in YEARS if k not in ("from", "to")},
            }
            items = auditor.get("/audit/revisions", **asked).json()["items"]
            total = tuple(sum(part(i["change"])[n] for i in items) for n in (0, 1))
            assert total == part(row["change"][column]), (row["period"], column)
            assert all(item["facts"] for item in items)


def test_each_difference_names_the_fact_that_made_it_and_none_beside_it(auditor: ApiClient) -> None:
    def learned(column: StatementColumn, **asked: object) -> dict[str, list[str]]:
        given = {"division": TOWN, "period": 2017, "compared_with": "2016-12-31", "known_at": "2017-12-31", **asked}
        items = auditor.get("/audit/revisions", column=column, **given).json()["items"]
        return {item["household"]: [fact["type"] for fact in item["facts"]] for item in items}

    assert learned(StatementColumn.REMOVED, period=2014) == {str(B): ["HouseholdRemoved"]}
    assert learned(StatementColumn.SIZE_CHANGE) == {
        str(C): ["HouseholdSplit", "MemberDied"], str(D): ["HouseholdFormed"],
    }  # fmt: skip
    assert learned(StatementColumn.MOVED_OUT) == {str(C): ["HouseholdMoved"]}
    # Within the township A's move is no movement; of its villages it is.
    assert learned(StatementColumn.MOVED_IN, division=LAKE) == {str(A): ["HouseholdMoved"]}
    assert learned(StatementColumn.CLOSING, division=HILL) == {str(A): ["HouseholdMoved"], str(B): ["HouseholdRemoved"]}


def test_nothing_is_revised_where_nothing_was_learned_in_between(auditor: ApiClient) -> None:
    asked = {"period": 2014, "column": "identified", "compared_with": "2014-06-20", "known_at": "2017-12-31"}
    assert auditor.get("/audit/revisions", **asked).json() == {"items": [], "next": None}


def test_the_households_of_a_difference_come_page_by_page(auditor: ApiClient) -> None:
    asked = {"period": 2014, "column": "closing", "compared_with": "2014-06-19", "known_at": "2014-06-20", "limit": 2}
    first = auditor.get("/audit/revisions", **asked).json()
    second = auditor.get("/audit/revisions", cursor=first["next"], **asked).json()
    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
    assert sum(item["change"]["persons"] for item in (*first["items"], *second["items"])) == 10


def test_the_day_compared_with_must_be_earlier(auditor: ApiClient) -> None:
    for compared_with, status in (("2016-12-30", 200), ("2016-12-31", 422), ("2017-01-01", 422)):
        asked = {**YEARS, "compared_with": compared_with, "known_at": "2016-12-31"}
        answer = auditor.get("/audit/statements/revisions", **asked)
        assert answer.status_code == status
        if status == 422:
            assert answer.json()["code"] == "compared_with_not_earlier"


def test_a_figure_of_a_statement_is_a_stock_or_a_line() -> None:
    assert {column.value for column in StatementColumn} == {"opening", *Line, "closing"}


def test_the_stated_day_is_the_last_of_its_year(auditor: ApiClient) -> None:
    """A household that entered on the first day of a year is in that year's closing and not in its opening."""
    asked = {"division": TOWN, "compared_with": "2014-06-19", "known_at": "2014-06-20"}
    counted = {
        (period, column): len(auditor.get("/audit/revisions", period=period, column=column, **asked).json()["items"])
        for period in (2013, 2014, 2015) for column in ("opening", "closing")
    }  # fmt: skip
    assert counted == {
        (2013, "opening"): 0, (2013, "closing"): 0, (2014, "opening"): 0, (2014, "closing"): 3, (2015, "opening"): 3,
        (2015, "closing"): 3,
    }  # fmt: skip
    assert rows_of(auditor.get("/audit/statements", known_at="2014-06-20", **{"from": 2014, "to": 2014})) == [
        {"opening": (0, 0), "identified": (3, 10), "closing": (3, 10)}
    ]
