"""One bank account in two households is found without anybody seeing it: each household's office learns which other household
it is within its own area, it is answered, carried to the decision, mended, and gone with a destroyed key."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.roles import Role
from services.chassis.service import Service
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.findings.accounts.domain import MOST_NAMED, SharedAccount, periods_of
from services.registry.findings.accounts.feed import AccountFindingsView
from services.registry.searches.shredded import DigestsOfShredded
from services.registry.vault.keys import Vault
from tests.registry.findings.test_api import FINDINGS, REASON, found, head_of
from tests.registry.households.example_requests import status_and_code
from tests.registry.households.example_villages import Village, act_of, annul, done, id_of
from tests.support.running import Lika

RULE = "account_of_another_household"
_accounts = count(6_217_000_000_000_001)
_numbers = count(1)


@pytest.fixture
def account() -> str:
    return str(next(_accounts))


def household_with(village: Village, account: str, on: str = "2018-01-10") -> str:
    return village.household(on, members=head_of(1970), account=account, national_no=f"X{next(_numbers):012}")


def standing(village: Village, household: str, **params: str) -> list[dict[str, Any]]:
    return found(village.cadre, household, rule=RULE, **params)


def number_of(village: Village, household: str) -> str:
    return str(village.cadre.get(household).json()["national_no"])


def service_of(running: Lika) -> Service:
    return running.services["registry"]


def test_each_of_them_names_the_other_by_number_and_neither_the_account(village: Village, account: str) -> None:
    one, alone = household_with(village, account), household_with(village, str(next(_accounts)))
    assert standing(village, one) == []
    two = household_with(village, f"{account[:8]} {account[8:]}")
    for mine, other in ((one, two), (two, one)):
        (finding,) = standing(village, mine)
        assert (finding["subject"], finding["about"], finding["state"]) == (id_of(mine), [id_of(other)], "open")
        assert number_of(village, other) in finding["zh"]
        assert number_of(village, other) in finding["en"]
        assert account[:8] not in str(finding)
        assert finding["facts"] == [f"registry/household-{id_of(mine)}/1"]
    assert standing(village, alone) == []


def test_entering_it_says_so_within_the_callers_area_alone(running: Lika, village: Village, account: str) -> None:
    elsewhere = Village(running)
    number = number_of(village, one := household_with(village, account))

    def entered(where: Village) -> dict[str, Any]:
        body = {"division": where.code, "effective_on": "2018-01-10", "members": head_of(1970), "account": account}
        return dict(done(where.cadre.post("/registry/households", body)).json())

    answer = entered(village)
    (warning,) = answer["warnings"]
    assert (warning["code"], number in warning["zh"], account in str(answer)) == (RULE, True, False)
    assert entered(elsewhere)["warnings"] == []
    again = done(village.cadre.post(f"{one}/surveys", {"effective_on": "2018-02-01", "account": account})).json()
    assert again["warnings"] == []


def test_what_lies_outside_the_readers_area_is_counted_and_not_named(running: Lika, account: str) -> None:
    here, there = Village(running), Village(running)
    mine, other = household_with(here, account), household_with(there, account)
    (finding,) = standing(here, mine)
    assert number_of(there, other) not in finding["zh"]
    assert "本辖区以外 1 户" in finding["zh"]
    (seen,) = here.township_reviewer.get(FINDINGS, subject=id_of(mine), rule=RULE).json()["items"]
    assert number_of(there, other) in seen["zh"]
    entries = here.township_reviewer.get("/registry/inbox", division=here.code).json()["items"]
    assert any(number_of(there, other) in entry["why"]["zh"] for entry in entries)


def test_it_goes_from_both_when_one_is_mended_and_its_history_stays(village: Village, account: str) -> None:
    one, two = household_with(village, account), household_with(village, account)
    survey = {"effective_on": "2018-03-01", "account": str(next(_accounts))}
    done(village.cadre.post(f"{two}/surveys", survey))
    for household in (one, two):
        assert standing(village, household) == []
        assert len(standing(village, household, as_of="2018-02-28")) == 1
    done(annul(village.cadre, two, act_of(village.cadre, two, "HouseholdSurveyed")))
    assert [len(standing(village, household)) for household in (one, two)] == [1, 1]


def test_it_is_answered_for_one_household_and_asked_again_when_a_third_comes(village: Village, account: str) -> None:
    one, two = household_with(village, account), household_with(village, account)
    (finding,) = standing(village, one)
    answers = f"{FINDINGS}/{finding['finding_id']}/answers"
    assert status_and_code(village.cadre.post(answers, REASON)) == (403, "finding_of_another_office")
    done(village.township_reviewer.post(answers, REASON))
    assert [f["state"] for h in (one, two) for f in standing(village, h)] == ["answered", "open"]
    household_with(village, account)
    assert [f["state"] for f in standing(village, one)] == ["open"]
    assert [f["finding_id"] for f in standing(village, one, state="cleared")] == [finding["finding_id"]]


def test_a_case_carries_it(village: Village, account: str) -> None:
    household, other = household_with(village, account), household_with(village, account)
    case = village.open_case(village.cadre, household, "identification", "2018-02-01")
    shown = village.cadre.get(f"{case}/steps").json()["findings"]
    assert [f["rule"] for f in shown] == [RULE]
    assert number_of(village, other) in shown[0]["zh"]
    assert "open_findings" in village.cadre.get(case).json()["flags"]


def test_a_household_that_split_off_brings_no_account_and_is_found_once_it_has_one(
    village: Village, account: str
) -> None:
    members = [*head_of(1950), *head_of(1980)]
    members[1]["relation"] = "child"
    parent = village.household("2018-01-10", members=members, account=account)
    child_id = village.cadre.get(parent).json()["members"]
    son = next(m["person_id"] for m in child_id if m["birth_year"] == 1980)
    child = village.split(parent, "2018-02-01", son)
    assert standing(village, child) == []
    done(village.cadre.post(f"{child}/surveys", {"effective_on": "2018-02-02", "account": account}))
    assert [len(standing(village, household)) for household in (parent, child)] == [1, 1]


def test_a_rebuild_finds_the_same(running: Lika, village: Village, account: str) -> None:
    household_with(village, account)
    (finding,) = standing(village, household_with(village, account))
    service = service_of(running)
    view = next(each for each in service.views if isinstance(each, AccountFindingsView))
    conninfo = service.environment.conninfo(service.name)
    with WorkerPool(1) as processes:
        report = Rebuild(conninfo, "registry", "registry", view, processes, lambda *_: None).run(confirmed=False)
    assert (report.compared, report.differences.rows, report.swapped) == ("compared", 0, True)
    assert report.subjects >= 2
    assert standing(village, f"/{finding['subject']}") == [finding]


def test_a_destroyed_key_takes_its_digests_and_what_was_found_by_them(
    running: Lika, village: Village, account: str
) -> None:
    one, two = household_with(village, account), household_with(village, account)
    assert len(standing(village, one)) == 1
    service = service_of(running)
    vault = service.environment.open_data_keys()
    assert isinstance(vault, Vault)
    vault.shred(UUID(id_of(two)))
    next(each for each in service.background if isinstance(each, DigestsOfShredded)).step()
    with service.store.reading() as conn:
        kept = conn.execute(
            "SELECT household_id::text FROM account_digests WHERE household_id IN (%s, %s)", (id_of(one), id_of(two))
        )
        assert {household for (household,) in kept} == {id_of(one)}
    for household in (one, two):
        assert standing(village, household) == standing(village, household, state="cleared") == []


def test_another_office_cannot_open_what_it_is_about(running: Lika, account: str) -> None:
    """The finding opens the households that it names, as far as the reader's area goes."""
    here, there = Village(running), Village(running)
    mine, other = household_with(here, account), household_with(there, account)
    (finding,) = here.township_reviewer.get(FINDINGS, subject=id_of(mine), rule=RULE).json()["items"]
    body = {
        "purpose": "verification", "fields": ["account"],
        "matters": [{"kind": "finding", "id": finding["finding_id"]}],
    }  # fmt: skip
    both = {**body, "household_ids": [id_of(mine), id_of(other)]}
    assert done(here.township_reviewer.post("/registry/disclosures", both)).status_code in (200, 201)
    cadre = running.client_for("cadre-x", here.code, Role.CADRE)
    assert cadre.post("/registry/disclosures", both).status_code == 404


INSTANTS = st.integers(0, 5).map(lambda n: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(n))
DAYS = st.integers(0, 5).map(lambda n: date(2018, 1, 1) + timedelta(n))


@st.composite
def shared_accounts(draw: st.DrawFn) -> list[SharedAccount]:
    def one(other: int) -> SharedAccount:
        first, end = sorted(draw(st.lists(DAYS, min_size=2, max_size=2, unique=True)))
        known, until = sorted(draw(st.lists(INSTANTS, min_size=2, max_size=2, unique=True)))
        return SharedAccount(UUID(int=other), "990001101201", first, end, known, until)

    return [one(draw(st.integers(1, 9))) for _ in range(draw(st.integers(0, 9)))]


@given(shared_accounts(), DAYS, INSTANTS)
def test_every_day_as_known_at_any_instant_has_at_most_one_period(
    shared: list[SharedAccount], day: date, instant: datetime
) -> None:
    here = [p for p in periods_of(shared) if p.valid_from <= day < p.valid_to and p.known_from <= instant < p.known_to]
    expected = {s.other for s in shared if s.valid_from <= day < s.valid_to and s.known_from <= instant < s.known_to}
    assert len(here) == bool(expected)
    for period in here:
        assert set(period.value.others) <= expected
        assert len(period.value.others) == min(len(expected), MOST_NAMED)
