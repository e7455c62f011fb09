"""Statements name what an older system asserted of a county's opening day, with the difference as a row of its own: the rows themselves are
counted and balance, whatever was asserted and whenever it was approved or annulled."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from contracts.facts import Fact
from contracts.registry.divisions import DivisionDeclared, Level
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.opening_balances import (
    KeptIn,
    MonitoringBalance,
    OpeningBalanceAnnulled,
    OpeningBalanceApproved,
    OpeningBalanceProposed,
    StatusBalance,
)
from contracts.registry.poverty_status import PovertyStatus
from contracts.roles import Role
from services.audit import cli
from services.audit.service import audit
from services.audit.statements.openings import _rows
from services.chassis.web import cli_client
from tests.audit.fact_builders import HILL, HOUSEHOLD, InMemoryLog, enrolled, exited, household_recorded
from tests.audit.producers import Producer, stub_service
from tests.support.running import ApiClient, Build, Lika, lika

COUNTY, TOWNSHIP = HILL[:6], HILL[:9]
OPENING = date(2014, 12, 31)
ENTRY = date(2014, 6, 20)
OTHER = UUID(int=2, version=4)
BALANCES = tuple(UUID(int=n, version=4) for n in (101, 102))


def proposed(balance: UUID, households: int, persons: int, day: date = OPENING) -> Fact:
    return OpeningBalanceProposed(
        effective_on=day, source_recorded_on=date(2015, 1, 5), entered_by="clerk", balance_id=balance, county=COUNTY,
        kept_in=KeptIn.NATIONAL_SYSTEM,
        poverty=(
            StatusBalance(status=PovertyStatus.REGISTERED, households=households, persons=persons),
            StatusBalance(status=PovertyStatus.EXITED, households=7, persons=7),
        ),
        monitoring=(MonitoringBalance(status=MonitoringStatus.MONITORED, kind="marginal", households=1, persons=2),),
    )  # fmt: skip


def approved(balance: UUID) -> Fact:
    return OpeningBalanceApproved(
        effective_on=OPENING, entered_by="head", balance_id=balance, county=COUNTY, proposed_by="clerk"
    )


def annulled(balance: UUID) -> Fact:
    return OpeningBalanceAnnulled(
        effective_on=OPENING, entered_by="head", balance_id=balance, county=COUNTY, proposed_by="clerk",
        annulment_id=UUID(int=201, version=4), annuls=(f"registry/opening-balance-{COUNTY}/2",),
    )  # fmt: skip


def record_history(registry: Producer) -> None:
    """Two households are identified, one of them told only later; a balance is approved, found wrong, annulled and entered anew."""
    declared = DivisionDeclared(effective_on=ENTRY, entered_by="op-1", code=HILL, level=Level.VILLAGE, name="某村")
    registry.append(ENTRY, declared)
    registry.append(ENTRY, household_recorded(ENTRY, 3, HILL, HOUSEHOLD), enrolled(ENTRY, HOUSEHOLD))
    registry.append(date(2015, 2, 1), proposed(BALANCES[0], 3, 9))
    registry.append(date(2015, 2, 2), approved(BALANCES[0]))
    registry.append(date(2015, 3, 1), annulled(BALANCES[0]))
    registry.append(date(2015, 4, 1), proposed(BALANCES[1], 2, 6))
    registry.append(date(2015, 4, 2), approved(BALANCES[1]))
    registry.append(date(2015, 5, 1), household_recorded(ENTRY, 2, HILL, OTHER), enrolled(ENTRY, OTHER))
    registry.append(date(2015, 11, 2), exited(date(2015, 11, 1), HOUSEHOLD))


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder: Path = tmp_path_factory.mktemp("lika")
    built: list[Build] = [stub_service("registry"), partial(audit, logs=("registry",))]
    with lika(built, module_database, folder, datetime(2014, 1, 1, tzinfo=UTC)) as started:
        record_history(Producer(started, "registry"))
        yield started


@pytest.fixture
def auditor(running: Lika) -> ApiClient:
    return running.client_for("auditor-1", "", Role.AUDITOR)


def opening_of(answer: httpx.Response) -> list[tuple[Any, ...]]:
    """Asserted, held, difference, of each county named; and every row balances."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert all(row["difference"] == {"households": 0, "persons": 0} for row in body["rows"])
    names = ("asserted", "held", "difference")
    return [
        (each["county"], each["opening_on"], *((each[n]["households"], each[n]["persons"]) for n in names))
        for each in body["asserted_openings"]
    ]


def statement(auditor: ApiClient, first: int = 2015, last: int = 2015, **asked: Any) -> httpx.Response:
    return auditor.get("/audit/statements", **{"division": COUNTY, "from": first, "to": last, **asked})


@pytest.mark.parametrize(
    ("known_at", "expected"),
    [
        ("2015-02-01", None),
        ("2015-02-02", ((3, 9), (1, 3), (-2, -6))),
        ("2015-02-28", ((3, 9), (1, 3), (-2, -6))),
        ("2015-03-01", None),
        ("2015-04-01", None),
        ("2015-04-02", ((2, 6), (1, 3), (-1, -3))),
        ("2015-05-01", ((2, 6), (2, 5), (0, -1))),
    ],
)
def test_a_statement_names_the_balance_from_the_day_of_its_approval_until_it_is_annulled(
    auditor: ApiClient, known_at: str, expected: tuple[object, ...] | None
) -> None:
    named = opening_of(statement(auditor, known_at=known_at))
    assert named == ([] if expected is None else [(COUNTY, "2014-12-31", *expected)])


def test_it_is_named_where_the_years_begin_with_its_day_or_hold_it_and_where_the_county_is_whole(
    auditor: ApiClient,
) -> None:
    stands = [(COUNTY, "2014-12-31", (2, 6), (2, 5), (0, -1))]
    assert opening_of(statement(auditor)) == stands
    assert opening_of(statement(auditor, 2014, 2014)) == stands
    assert opening_of(statement(auditor, 2013, 2013)) == []
    assert opening_of(statement(auditor, 2016, 2016)) == []
    assert opening_of(statement(auditor, division=COUNTY[:2])) == stands
    assert opening_of(statement(auditor, division=TOWNSHIP)) == []
    monitored = auditor.get("/audit/monitoring-statements", **{"division": COUNTY, "from": 2015, "to": 2015})
    assert opening_of(monitored) == [(COUNTY, "2014-12-31", (1, 2), (0, 0), (-1, -2))]
    other = auditor.get(
        "/audit/monitoring-statements",
        **{"division": COUNTY, "from": 2015, "to": 2015, "kind": "unstable_exited"},
    )
    assert opening_of(other) == []


def test_the_command_line_prints_it_as_a_table_of_its_own(
    running: Lika, auditor: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(_: str, token: str, __: float) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(transport=running.client._transport, base_url="http://testserver", headers=headers)

    monkeypatch.setattr(cli_client, "connect", connect)
    words = ["statement", "--division", COUNTY, "--from", "2015", "--to", "2015"]
    shown = CliRunner().invoke(cli.app, words, env={"LIKA_TOKEN": auditor.token, "COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    for text in ("全国系统", "2014-12-31", "2 / 6", "2 / 5", "0 / -1"):
        assert text in shown.stdout


@settings(deadline=None, max_examples=60)
@given(acts=st.lists(st.booleans(), max_size=6))
def test_at_every_instant_the_one_balance_is_named_that_stands(acts: list[bool]) -> None:
    """Each draws whether what stands is annulled, or what is proposed approved, or nothing is done."""
    log, instant = InMemoryLog(), datetime(2015, 1, 1, tzinfo=UTC)
    standing: UUID | None = None
    expected: list[tuple[datetime, UUID | None]] = [(instant, None)]
    for number, acted in enumerate(acts):
        balance, instant = UUID(int=300 + number, version=4), instant + timedelta(days=2)
        log.append(instant - timedelta(days=1), proposed(balance, number + 1, number + 1))
        if acted:
            log.append(instant, approved(balance) if standing is None else annulled(standing))
            standing = balance if standing is None else None
        expected.append((instant, standing))
    (rows,) = _rows(COUNTY, log.entries)
    for since, stands in expected:
        named = {row[1] for row in rows if row[-2] < since + timedelta(hours=1) <= row[-1]}
        assert named == (set() if stands is None else {stands})
    assert all((row[7], row[8]) != (0, 0) for row in rows)
