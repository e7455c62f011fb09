"""A flood of hostile requests beside honest commands: their answers come almost as soon as without it, and memory stays.

How fast it is follows from this machine in the same run: as many requests a second as a bare route that answers 401, on the
same server, needs a quarter of a core for. It comes from clients that wait for no answer, on fewer connections than an address
may have, and on nearly as many. They would send from other machines, and have only the processors of this one: what honest
commands are compared with is their time beside the same clients sending to a port where nobody reads.
"""

import json
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from contracts.roles import Role
from services.chassis.security.tokens import SIGNING_KEY
from tests.benchmarks import http_load, serving
from tests.benchmarks.environment import child_process, run_child
from tests.faults.conftest import ReportFigures
from tests.faults.lika_process import LikaProcess
from tests.faults.retrying_clients import VILLAGE

SECONDS = 20.0
HONEST, HONEST_CLIENTS, HOSTILE_CLIENTS = 40.0, 4, (16, 240)
SHARE = 0.25
STANDS_BACK = 19
"""Niceness of those who send it."""
MOST_SLOWER = 3.0
MOST_MEMORY = 64 * 2**20
MOST_LOGGED = 2**20
HOUSEHOLD = {
    "division": VILLAGE, "effective_on": "2014-05-20",
    "members": [{"name": "户主甲", "sex": "female", "birth_year": 1969, "relation": "head"}],
}  # fmt: skip


def load(
    port: int, tokens: list[str], rate: float, source: str, seconds: float = SECONDS, wait: bool = True, nice: int = 0
) -> Mapping[str, Any]:
    return run_child(
        http_load.__name__, port=port, tokens=tokens, paths=["/registry/households"],
        body=json.dumps(HOUSEHOLD, ensure_ascii=True), warm=1.0, seconds=seconds, rate=rate, source=source, wait=wait, nice=nice,
    )  # fmt: skip


def hostile_rate(folder: Path) -> float:
    """Requests a second for which the bare route needs a quarter of a core."""
    with child_process(serving.__name__, "bare_refusal", folder=str(folder)) as server:
        port = urlsplit(server.read_line()).port
        assert port is not None
        process = psutil.Process(server._process.pid)
        load(port, ["x"] * HOSTILE_CLIENTS[0], 0, "127.0.0.1", 0.5)
        before = process.cpu_times()
        answered = load(port, ["x"] * HOSTILE_CLIENTS[0], 0, "127.0.0.1", 2.0)
        after = process.cpu_times()
    # All of the run is in the processor's time, its first second, too.
    used: float = (after.user - before.user + after.system - before.system) / (answered["per_second"] * 3.0)
    return SHARE / used


def forged(lika: LikaProcess) -> str:
    """With the number of the installation's own key, so that it has to be verified."""
    kid = OKPKey.import_key(json.loads((lika.folder / "keys" / SIGNING_KEY).read_bytes())).thumbprint()
    claims = {"iss": "lika", "aud": "lika", "sub": "cadre-1", "roles": ["cadre"], "division": "", "exp": 4_000_000_000}
    return jwt.encode({"alg": "Ed25519", "kid": kid}, claims, OKPKey.generate_key("Ed25519"), algorithms=["Ed25519"])


@pytest.mark.parametrize("clients", HOSTILE_CLIENTS)
@pytest.mark.parametrize("source", ["127.0.0.2", "127.0.0.1"], ids=["another address", "the honest one's own address"])
def test_honest_commands_beside_a_flood(
    lika: LikaProcess, tmp_path: Path, report: ReportFigures, source: str, clients: int
) -> None:
    rate = hostile_rate(tmp_path)
    honest = [lika.token(f"cadre-{n}", VILLAGE, Role.CADRE) for n in range(HONEST_CLIENTS)]
    load(lika.port, honest, HONEST, "127.0.0.1", 1.0)
    calm = load(lika.port, honest, HONEST, "127.0.0.1")

    def beside(port: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Honest commands, and the flood to that port."""
        with ThreadPoolExecutor(1) as pool:
            flood = pool.submit(
                load, port, [forged(lika)] * clients, rate, source, SECONDS + 2, wait=False, nice=STANDS_BACK
            )
            return load(lika.port, honest, HONEST, "127.0.0.1"), flood.result()

    with socket.create_server(("127.0.0.1", 0), backlog=2 * clients) as unread:
        sending, _ = beside(unread.getsockname()[1])
    process = psutil.Process(lika.pid)
    before = process.memory_info().rss
    flooded, hostile = beside(lika.port)
    grown = process.memory_info().rss - before
    logged = (lika.folder / "security.log").stat().st_size
    report(
        {
            "offered_per_second": round(hostile["offered_per_second"]), "answered_per_second": round(hostile["per_second"]),
            **{f"{name}_p95_us": round(found["p95"] * 1e6)
               for name, found in (("calm", calm), ("sending_elsewhere", sending), ("flooded", flooded))},
            "grown_kib": grown // 1024, "logged_kib": logged // 1024,
        }
    )  # fmt: skip
    assert all(set(found["answers"]) == {"201"} for found in (calm, sending, flooded))
    assert set(hostile["answers"]) <= {"401", "429"}
    assert hostile["answers"]["429"]
    assert grown < MOST_MEMORY
    assert logged < MOST_LOGGED
    assert hostile["offered_per_second"] > 0.8 * rate
    assert flooded["p95"] <= MOST_SLOWER * sending["p95"]
