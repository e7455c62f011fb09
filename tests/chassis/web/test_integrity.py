"""What the comparison found, over HTTP: for auditors and operators in full, for everybody as a header."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.roles import Role
from services.chassis.integrity import continuous
from services.chassis.web.integrity import HEADER
from tests.chassis.sample import NAME, enrolled, record, sample
from tests.support.eventually import eventually
from tests.support.running import lika
from tests.support.silent_edits import edit_silently


def test_differences_are_listed_and_every_answer_says_that_there_are_some(
    database: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(continuous, "ROUND", 0.01)
    monkeypatch.setattr(continuous, "NEWEST_EVERY", 0.01)
    with lika([sample], database, tmp_path, comparison_share=1) as running:
        auditor = running.client_for("auditor-1", "", Role.AUDITOR)
        store = running.services[NAME].store
        record(store, enrolled(uuid4()), enrolled(uuid4()))

        def compared() -> list[tuple[object, ...]]:
            found = auditor.get(f"/{NAME}/integrity").json()["compared"]
            return [(each["log"], each["compared_through"], each["open_differences"]) for each in found]

        eventually(lambda: compared() == [(NAME, 2, 0)])
        assert HEADER not in running.client.get(f"/{NAME}/households").headers
        edit_silently(store._conninfo, "UPDATE log SET actor = 'somebody-else' WHERE notification_id = 2")
        eventually(lambda: running.client.get(f"/{NAME}/households").headers.get(HEADER) == "differences=1")
        # It goes on serving: what one altered entry is about is not all that people ask for.
        assert running.client.get(f"/{NAME}/health/ready").status_code == 200
        (difference,) = auditor.get(f"/{NAME}/integrity/differences").json()["items"]
        assert (difference["log"], difference["position"], difference["altered"], difference["gone_at"]) == (
            NAME, 2, "log_or_digests", None,
        )  # fmt: skip
        figures = running.client.get("/metrics").text
        assert f'lika_integrity_differences{{service="{NAME}"}} 1.0' in figures
        cadre = running.client_for("cadre-1", "990001101001", Role.CADRE)
        assert cadre.get(f"/{NAME}/integrity/differences").status_code == 403
