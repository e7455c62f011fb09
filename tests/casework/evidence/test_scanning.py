"""The malware hook: a command that gets every byte; what it does not let pass, or was not looked at, is not kept."""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.roles import Role
from services.casework.evidence.scanning import scan
from services.chassis.ground.refusals import Refused, Unavailable
from tests.registry.households.example_requests import VILLAGE, registry_with_villages, status_and_code
from tests.support.evidence import PDF, upload

CONTENT = [b"%PDF" * 10_000, b"end"] * 50
SIGNATURE = b"a signature that scanners know"
LOOKS_FOR_IT = f"import sys; sys.exit({SIGNATURE!r} in sys.stdin.buffer.read())"


def python(program: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", program, *arguments]


def test_the_command_gets_every_byte(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    program = "import hashlib,sys; open(sys.argv[1],'w').write(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())"
    scan(python(program, str(seen)), CONTENT, 30)
    assert seen.read_text() == hashlib.sha256(b"".join(CONTENT)).hexdigest()


@pytest.mark.parametrize("code", [1, 2, 127])
def test_any_exit_but_zero_refuses(code: int) -> None:
    with pytest.raises(Refused) as refused:
        scan(python(f"import sys; sys.stdin.buffer.read(); sys.exit({code})"), CONTENT, 30)
    assert refused.value.rule.code == "evidence_refused_by_scanner"


def test_a_command_that_has_seen_enough_may_end_early() -> None:
    scan(python("raise SystemExit(0)"), CONTENT, 30)
    with pytest.raises(Refused):
        scan(python("raise SystemExit(1)"), CONTENT, 30)


@pytest.mark.parametrize("program", ["import time; time.sleep(600)", "import sys; sys.stdin.buffer.read(); input()"])
def test_a_command_that_hangs_is_ended_and_lets_nothing_pass(program: str) -> None:
    hangs = f"import signal; signal.alarm(60); {program.replace('input()', 'signal.pause()')}"
    with pytest.raises(Unavailable) as refused:
        scan(python(hangs), CONTENT, 0.5)
    assert refused.value.rule.code == "evidence_scanner_unavailable"


def test_a_command_that_does_not_start_lets_nothing_pass() -> None:
    with pytest.raises(Unavailable):
        scan(["/no/such/scanner"], CONTENT, 30)


def test_an_infected_file_is_refused_and_not_kept(database: Callable[[str], str], tmp_path: Path) -> None:
    command = f'{sys.executable} -c "{LOOKS_FOR_IT}"'
    with registry_with_villages(database, tmp_path, evidence_scan_command=command) as running:
        cadre = running.client_for("cadre-1", VILLAGE, Role.CADRE)
        assert upload(cadre).status_code == 201
        before = sorted((tmp_path / "evidence").rglob("*"))
        infected = upload(cadre, content=PDF + SIGNATURE)
        assert status_and_code(infected) == (409, "evidence_refused_by_scanner")
        assert sorted((tmp_path / "evidence").rglob("*")) == before
