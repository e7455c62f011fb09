"""What a check says it found."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

import lika.operations
from lika.messages import MESSAGES
from lika.operations.finding import Finding, State, broken, ok
from tests.support.message_calls import MessageCall, message_calls_in

FINDINGS = sorted(
    (said for said in message_calls_in(Path(lika.operations.__file__).parent) if said.function in set(State)),
    key=lambda said: said.code,
)


@pytest.mark.parametrize("said", FINDINGS, ids=lambda s: f"{s.code}-{s.function}")
def test_what_is_not_ok_has_a_remedy_and_what_is_ok_has_none(said: MessageCall) -> None:
    assert (f"{said.code}.remedy" in MESSAGES.templates) is (said.function != State.OK)


def test_a_finding_says_in_both_languages_what_was_found_and_what_to_do() -> None:
    finding = broken("registry.log_gapless", "log_has_gaps", looked=9_000, missing=2)
    assert (finding.zh, finding.en) == (
        "日志有缺口：核对 9,000 个位置，缺 2 个",
        "the log has gaps: of 9,000 positions looked for, 2 are missing",
    )
    assert finding.remedy_zh.startswith("请停止写入")
    assert finding.remedy_en.startswith("stop writing")
    assert ok("registry.log_gapless", "log_empty") == Finding(
        "registry.log_gapless", State.OK, "log_empty", "日志为空", "the log is empty"
    )


def test_programs_read_its_code() -> None:
    finding = json.loads(json.dumps(asdict(ok("python", "python_version", version="3.11.9"))))
    assert list(finding) == ["name", "state", "code", "zh", "en", "remedy_zh", "remedy_en"]
    assert (finding["state"], finding["code"]) == ("ok", "python_version")
