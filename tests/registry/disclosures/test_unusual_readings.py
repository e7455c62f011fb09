"""Quotas and alerts: cases/security.md 6 as an attack that fails, what is unusual by each of its figures, and who reviews it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.facts import Recorded
from contracts.registry.access import HouseholdRead, PersonalDataRead, Purpose, ReadingOrder
from contracts.roles import Role
from services.casework.purposes import access_stream
from services.registry.disclosures.domain import DayFigures, Thresholds, day_of, unusual_figures
from tests.casework.directory.test_api import register
from tests.registry.disclosures.asking import ORDER, Asking
from tests.registry.households.example_requests import (
    TOWNSHIP,
    VILLAGE,
    record_household,
    registry_with_villages,
    status_and_code,
)
from tests.support.running import ApiClient, Lika

COUNTY, DAY = "990001", date(2014, 6, 1)
USUAL = Thresholds(
    households_per_day=150, households_per_month=900, households_on_paper=30, households_outside_hours=5,
    requests_per_day=60, opens=6, closes=22,
)  # fmt: skip


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture(scope="module")
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture(scope="module")
def households(cadre: ApiClient) -> list[str]:
    return [record_household(cadre).rpartition("/")[2] for _ in range(40)]


def as_read_before(running: Lika, account: str, households: int, *, area: str, hour: int = 10) -> None:
    """Put a reading into the log as it would stand there: of so many households that nobody needs to have recorded."""
    registry = running.services["registry"].store
    order = ReadingOrder(organ="县审计局", document_no="审通1号")
    read = tuple(HouseholdRead(household_id=uuid4(), person_ids=()) for _ in range(households))
    fact = PersonalDataRead(
        effective_on=DAY, entered_by=account, reader=account, area=area, purpose=Purpose.AUDIT, order=order,
        households=read, fields=("name",),
    )  # fmt: skip
    registry.transact(lambda tx: tx.append(access_stream(account, tx.today), fact))
    running.positions["registry"] = registry.position()


def alerts(client: ApiClient) -> dict[str, dict[str, Any]]:
    items = client.get("/registry/inbox", limit=200).json()["items"]
    return {e["details"]["reader"]: e for e in items if e["act"] and e["act"]["operation"] == "review_readings"}


def test_attack_6_bulk_disclosure_by_one_token(running: Lika, households: list[str]) -> None:
    """300 households in 2.9 s by one auditor token, no quota, no alert; purpose ``case`` without a case."""
    thief = running.client_for("auditor-6", COUNTY, Role.AUDITOR)
    fields = {"purpose": "audit", "fields": ["name", "id_number", "phone"]}
    without = thief.post("/registry/disclosures", {"household_ids": households, **fields})
    assert status_and_code(without) == (409, "disclosure_needs_order")
    as_case = {"household_ids": households, **fields, "purpose": "case", "order": ORDER}
    assert status_and_code(thief.post("/registry/disclosures", as_case)) == (403, "purpose_not_allowed")
    taken = thief.post("/registry/disclosures", {"household_ids": households[:10], **fields, "order": ORDER})
    assert taken.status_code == 201
    as_read_before(running, "auditor-6", 180, area=COUNTY)
    refused = thief.post("/registry/disclosures", {"household_ids": households[10:], **fields, "order": ORDER})
    assert status_and_code(refused) == (429, "too_many_households_read")
    assert refused.json()["facts"] == {"limit": 200}
    assert "personal_data" in refused.json()["source"]
    again, more = refused.json()["next"]
    assert (again["act"], again["first_day"]) == ("disclose_personal_data", "2014-06-02")
    assert (more["act"], more["office"]["roles"]) == ("propose_document", ["operator"])
    # It is 8 o'clock in the morning, and goes on at midnight.
    assert int(refused.headers["Retry-After"]) == 16 * 3600
    again = thief.post("/registry/disclosures", {"household_ids": households[:10], **fields, "order": ORDER})
    assert again.status_code == 201, "what was read already counts once"
    honest = running.client_for("auditor-7", COUNTY, Role.AUDITOR)
    alert = alerts(honest)["auditor-6"]
    assert alert["details"] == {
        "reader": "auditor-6", "day": "2014-06-01", "households_per_day": 190, "households_on_paper": 190,
    }  # fmt: skip
    assert "auditor-6" in alert["why"]["zh"]


def test_a_second_account_reads_no_more_households_on_a_day(running: Lika, households: list[str]) -> None:
    register(running.client_for("op-1", "", Role.OPERATOR), "auditor-one", "auditor-two")
    as_read_before(running, "auditor-one", 195, area=COUNTY)
    second = running.client_for("auditor-two", COUNTY, Role.AUDITOR)
    asked = {"purpose": "audit", "fields": ["name"], "order": ORDER}
    refused = second.post("/registry/disclosures", {**asked, "household_ids": households[:6]})
    assert status_and_code(refused) == (429, "too_many_households_read")
    assert second.post("/registry/disclosures", {**asked, "household_ids": households[:5]}).status_code == 201


def test_a_purpose_of_casework_needs_its_matter_whoever_asks(cadre: ApiClient, households: list[str]) -> None:
    asked = {"household_ids": households, "purpose": "case", "fields": ["name"]}
    assert status_and_code(cadre.post("/registry/disclosures", asked)) == (409, "disclosure_needs_matter")


def test_whoever_read_sees_no_way_to_review_it_and_others_do(running: Lika) -> None:
    as_read_before(running, "auditor-8", 60, area=COUNTY)
    own = running.client_for("auditor-8", COUNTY, Role.AUDITOR)
    other = running.client_for("auditor-9", COUNTY, Role.AUDITOR)
    assert (alerts(own)["auditor-8"]["may"], alerts(other)["auditor-8"]["may"]) == (False, True)
    path = alerts(other)["auditor-8"]["act"]["path"]
    body = {"conclusion": "justified", "document_no": "审通〔2014〕6号"}
    assert status_and_code(own.post(path, body)) == (409, "own_readings")
    stranger = running.client_for("auditor-elsewhere", "990002", Role.AUDITOR)
    assert status_and_code(stranger.post(path, body)) == (404, "not_found")
    assert other.post(path, body).status_code == 201
    assert "auditor-8" not in alerts(other)
    as_read_before(running, "auditor-8", 5, area=COUNTY)
    assert "auditor-8" in alerts(other), "what is read after the review is looked at again"


def test_alerts_are_for_auditors_of_the_readers_area(running: Lika) -> None:
    as_read_before(running, "reviewer-1", 160, area=TOWNSHIP)
    for division, sees in ((COUNTY, True), ("99", True), ("990002", False), (TOWNSHIP, True)):
        auditor = running.client_for(f"auditor-of-{division}", division, Role.AUDITOR)
        assert ("reviewer-1" in alerts(auditor)) is sees, division
    assert alerts(running.client_for("decider-1", COUNTY, Role.DECIDER)) == {}
    counted = running.client_for("auditor-counts", COUNTY, Role.AUDITOR).get("/registry/inbox/counts").json()["counts"]
    assert counted["due"] >= 1


def test_ordinary_work_is_no_alert(running: Lika, cadre: ApiClient, households: list[str]) -> None:
    asking = Asking(cadre)
    for one in households[:10]:
        assert cadre.post("/registry/disclosures", asking.form(one)).status_code == 201
    assert "cadre-1" not in alerts(running.client_for("auditor-7", COUNTY, Role.AUDITOR))


def read_at(instant: datetime, households: int, *, on_paper: bool = False) -> Recorded:
    fact = PersonalDataRead(
        effective_on=DAY, entered_by="a", reader="a", area=COUNTY, purpose=Purpose.AUDIT, fields=("name",),
        order=ReadingOrder(organ="x", document_no="y") if on_paper else None,
        households=tuple(HouseholdRead(household_id=UUID(int=n), person_ids=()) for n in range(households)),
    )  # fmt: skip
    return Recorded("registry", 1, "access-2014-06-01-a", 1, instant, uuid4(), "a", fact, b"")


def figures(*readings: Recorded, month: int = 0) -> DayFigures:
    day = day_of(readings)
    return DayFigures(
        account="a", day=DAY, area=COUNTY, households_per_day=len(day.households), households_per_month=month,
        households_on_paper=len(day.on_paper), requests_per_day=day.requests, by_hour=day.by_hour,
    )  # fmt: skip


MORNING, NIGHT = datetime(2014, 6, 1, 1, tzinfo=UTC), datetime(2014, 6, 1, 15, tzinfo=UTC)
"""Nine o'clock and eleven at night in Shanghai."""


@pytest.mark.parametrize(
    ("usual", "too_much", "reason"),
    [
        ([read_at(MORNING, 150)], [read_at(MORNING, 151)], "households_per_day"),
        ([read_at(MORNING, 1)] * 60, [read_at(MORNING, 1)] * 61, "requests_per_day"),
        ([read_at(MORNING, 30, on_paper=True)], [read_at(MORNING, 31, on_paper=True)], "households_on_paper"),
        ([read_at(NIGHT, 5)], [read_at(NIGHT, 6)], "households_outside_hours"),
        (
            [read_at(MORNING, 40), read_at(NIGHT, 5)],
            [read_at(NIGHT + timedelta(hours=3), 6)],
            "households_outside_hours",
        ),
    ],
)
def test_each_figure_is_unusual_above_its_own_threshold(
    usual: list[Recorded], too_much: list[Recorded], reason: str
) -> None:
    assert unusual_figures(figures(*usual), USUAL) == {}
    assert list(unusual_figures(figures(*too_much), USUAL)) == [reason]


def test_a_little_every_day_is_unusual_within_a_month() -> None:
    assert unusual_figures(figures(read_at(MORNING, 40), month=900), USUAL) == {}
    assert unusual_figures(figures(read_at(MORNING, 40), month=901), USUAL) == {"households_per_month": (901, 900)}
