"""The same registry with its evidence in a real S3 server: uploaded, read, away and back, altered, never in a folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import (
    VILLAGE,
    record_household,
    registry_with_villages,
    status_and_code,
)
from tests.support.evidence import PDF, upload
from tests.support.running import ApiClient, Lika
from tests.support.s3 import BUCKET, S3Server

pytestmark = pytest.mark.long_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lika")


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], folder: Path, s3: S3Server) -> Iterator[Lika]:
    with registry_with_villages(module_database, folder, **s3.settings) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture
def household(cadre: ApiClient) -> str:
    return record_household(cadre).rpartition("/")[2]


def test_a_file_goes_to_the_store_and_comes_back(cadre: ApiClient, household: str, s3: S3Server, folder: Path) -> None:
    content = PDF + bytes(range(256)) * 20_000
    answer = upload(cadre, content=content, subjects=[household])
    assert answer.status_code == 201, answer.text
    evidence = answer.json()["evidence"]["file"]["id"]
    sealed = s3.client.get_object(Bucket=BUCKET, Key=f"registry/{evidence}")["Body"].read()
    assert b"minutes of a meeting" not in sealed
    assert len(sealed) > len(content)
    assert cadre.get(f"/registry/evidence/{evidence}/content", purpose="case").content == content
    assert [path for path in (folder / "evidence").rglob("*") if path.is_file()] == []


def test_an_altered_object_does_not_come_out(cadre: ApiClient, household: str, s3: S3Server) -> None:
    path = f"/registry/evidence/{upload(cadre, subjects=[household]).json()['evidence']['file']['id']}"
    key = f"registry/{path.rpartition('/')[2]}"
    sealed = s3.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    s3.client.put_object(Bucket=BUCKET, Key=key, Body=sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert status_and_code(cadre.get(f"{path}/content", purpose="case")) == (500, "evidence_lost")


def test_while_the_store_is_away_nothing_is_lost(cadre: ApiClient, household: str, s3: S3Server, folder: Path) -> None:
    path = f"/registry/evidence/{upload(cadre, subjects=[household]).json()['evidence']['file']['id']}/content"
    s3.stop()
    try:
        answer = upload(cadre, subjects=[household], key="while-away-1")
        assert status_and_code(answer) == (503, "evidence_storage_unavailable")
        assert answer.headers["Retry-After"] == "30"
        assert status_and_code(cadre.get(path, purpose="case")) == (503, "evidence_storage_unavailable")
    finally:
        s3.start()
    assert cadre.get(path, purpose="case").content == PDF
    again = upload(cadre, subjects=[household], key="while-away-1")
    assert (again.status_code, again.json()["replayed"]) == (201, False)
