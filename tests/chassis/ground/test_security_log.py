"""Lines of the security log: what they say, that a flood is summed up, and that the file stays small and closed to others."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.chassis.ground import security_log
from services.chassis.ground.metrics import REGISTRY
from services.chassis.ground.security_log import (
    LOGGER,
    SECURITY,
    SecurityEvent,
    SecurityLog,
    SecurityLogUnusable,
    open_security_log,
)

NINE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOUSEHOLD = UUID("00000000-0000-4000-8000-000000000001")


def event(**more: Any) -> SecurityEvent:
    usual: dict[str, Any] = {
        "event": "refused", "service": "registry", "account": "cadre-1", "address": "192.0.2.7", "method": "GET",
        "route": "/households/{household_id}", "object": HOUSEHOLD, "status": 404, "code": "not_found", "request": "0a",
    }  # fmt: skip
    return SecurityEvent(**{**usual, **more})


class Written:
    def __init__(self) -> None:
        self.now, self.lines = NINE, list[str]()
        self.log = SecurityLog(self.lines.append, lambda: self.now)

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


def test_a_line_says_who_from_where_what_about_and_what_came_of_it() -> None:
    written = Written()
    written.log.record(event())
    assert written.all == [
        {
            "at": "2026-03-01T09:00:00.000+00:00", "event": "refused", "service": "registry", "account": "cadre-1",
            "address": "192.0.2.7", "method": "GET", "route": "/households/{household_id}", "object": str(HOUSEHOLD),
            "status": 404, "code": "not_found", "request": "0a",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"address": "张三"}, "unknown"),
        ({"address": "1.2.3.4, evil"}, "unknown"),
        ({"address": "2001:db8::1"}, "2001:db8::1"),
        ({"account": "13800138000"}, "sha256:"),
        ({"account": "52020319850101001x"}, "sha256:"),
        ({"account": str(HOUSEHOLD)}, str(HOUSEHOLD)),
        ({"account": "zhang3@county"}, "zhang3@county"),
    ],
)
def test_what_stands_for_a_person_is_an_account_or_an_address_and_no_number_of_theirs(
    more: dict[str, str], said: str
) -> None:
    written = Written()
    written.log.record(event(**more))
    [(name, _)] = more.items()
    assert written.all[0][name].startswith(said)
    assert said == more[name] or more[name] not in "".join(written.lines)


def test_a_flood_is_summed_up_by_source_and_code() -> None:
    written = Written()
    for _ in range(1000):
        written.log.record(event(account=None))
    written.log.record(event(account="cadre-2"))
    assert len(written.lines) == security_log.LINES_PER_SOURCE + 1
    written.now += timedelta(minutes=1)
    written.log.record(event(account=None))
    summed, after = written.all[-2:]
    assert summed == {
        "at": "2026-03-01T09:01:00.000+00:00", "event": "refused", "address": "192.0.2.7", "status": 404,
        "code": "not_found", "more": 1000 - security_log.LINES_PER_SOURCE, "since": "2026-03-01T09:00:00.000+00:00",
    }  # fmt: skip
    assert "more" not in after


def test_a_sum_is_written_although_nothing_comes_after_it() -> None:
    written = Written()
    for _ in range(security_log.LINES_PER_SOURCE + 7):
        written.log.record(event())
    written.log.sum_up()
    assert written.all[-1]["more"] == 7
    written.log.sum_up()
    assert len(written.lines) == security_log.LINES_PER_SOURCE + 1


def test_however_many_addresses_there_are_the_lines_of_a_minute_are_bounded() -> None:
    written = Written()
    for number in range(20_000):
        written.log.record(event(account=None, address=f"10.0.{number // 256}.{number % 256}"))
    written.log.sum_up()
    assert len(written.lines) == security_log.LINES_OF_STRANGERS + security_log.SUMS + 1
    counted = sum(line.get("more", 1) for line in written.all)
    assert counted == 20_000
    assert any(line["address"] == "others" for line in written.all)


def test_no_flood_of_strangers_hides_what_accounts_do_or_are_refused() -> None:
    written = Written()
    for number in range(10_000):
        written.log.record(event(account=None, address=f"10.0.{number // 256}.{number % 256}"))
    written.log.record(event(event="disclosure", account="decider-1", status=200, code=None))
    assert (written.all[-1]["event"], written.all[-1]["account"]) == ("disclosure", "decider-1")
    assert written.all[-1]["object"] == str(HOUSEHOLD)
    written.log.record(event(account="cadre-2"))
    assert (written.all[-1]["event"], written.all[-1]["account"]) == ("refused", "cadre-2")


def test_no_flood_of_refusals_of_an_account_hides_what_it_does_and_its_acts_are_summed_by_account() -> None:
    written = Written()
    for number in range(20_000):
        written.log.record(event(account=f"cadre-{number % 7000}"))
    for number in range(2000):
        for _ in range(security_log.LINES_PER_SOURCE + 2 if number == 7 else 1):
            written.log.record(event(event="disclosure", account=f"cadre-{number}", status=200, code=None))
    acts = [line for line in written.all if line["event"] == "disclosure"]
    assert {line["account"] for line in acts} == {f"cadre-{number}" for number in range(2000)}
    written.log.sum_up()
    assert [line["more"] for line in written.all if line["event"] == "disclosure" and "more" in line] == [2]
    assert [line["account"] for line in written.all if line["event"] == "disclosure"][-1] == "cadre-7"


def test_the_addresses_of_one_subscriber_are_one_source() -> None:
    written = Written()
    for number in range(1000):
        written.log.record(event(account=None, address=f"2001:db8:1:2::{number:x}"))
    assert len(written.lines) == security_log.LINES_PER_SOURCE


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "logs" / "security.log"
    before = LOGGER.handlers
    open_security_log(file)
    yield file
    LOGGER.handlers = before


def test_the_file_is_appended_to_and_its_owner_s(opened: Path) -> None:
    SECURITY.record(event())
    open_security_log(opened)
    SECURITY.record(event())
    assert len(opened.read_text().splitlines()) == 2
    assert stat.S_IMODE(opened.stat().st_mode) == 0o600


def test_the_file_has_a_largest_size(opened: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_log, "FILE_BYTES", 4096)
    monkeypatch.setattr(security_log, "FILES", 3)
    open_security_log(opened)
    for number in range(200):
        SECURITY.record(event(account=f"cadre-{number}"))
    files = sorted(opened.parent.iterdir())
    assert len(files) == 3
    assert sum(file.stat().st_size for file in files) <= 3 * 4096
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_line_that_cannot_be_written_is_counted_and_stops_nobody(opened: Path) -> None:
    before = REGISTRY.get_sample_value("lika_security_log_failures_total") or 0
    [handler] = [each for each in LOGGER.handlers if isinstance(each, RotatingFileHandler)]
    assert handler.stream is not None
    handler.stream.close()
    SECURITY.record(event())
    assert REGISTRY.get_sample_value("lika_security_log_failures_total") == before + 1


def test_a_file_that_cannot_be_written_is_said_at_the_start(opened: Path) -> None:
    with pytest.raises(SecurityLogUnusable) as unusable:
        open_security_log(opened / "no-folder" / "security.log")
    assert "LIKA_SECURITY_LOG" in unusable.value.message.en


def test_standard_output_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    before = LOGGER.handlers
    open_security_log(None)
    SECURITY.record(event(account="of-this-test"))
    LOGGER.handlers = before
    assert json.loads(capsys.readouterr().out)["account"] == "of-this-test"
