"""Evidence over HTTP: uploaded, sealed, seen in the area it concerns, read for a purpose, and gone when its key is."""

import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.casework.evidence import EvidenceRead, EvidenceUploaded
from contracts.roles import Role
from services.chassis.ground.settings import Settings
from services.registry.service import registry
from services.registry.vault.keys import Vault
from tests.casework.evidence.files import ACCEPTED, REFUSED
from tests.registry.households.example_requests import (
    ELSEWHERE,
    NEIGHBOUR,
    TOWNSHIP,
    VILLAGE,
    record_household,
    registry_with_villages,
    status_and_code,
)
from tests.support.evidence import PDF, upload, uploaded
from tests.support.readings import readings_of
from tests.support.running import ApiClient, Lika, lika

EVIDENCE = "/registry/evidence"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lika")


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], folder: Path) -> Iterator[Lika]:
    with registry_with_villages(module_database, folder) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture
def reviewer(running: Lika) -> ApiClient:
    return running.client_for("reviewer-1", TOWNSHIP, Role.REVIEWER)


@pytest.fixture
def household(cadre: ApiClient) -> str:
    return record_household(cadre).rpartition("/")[2]


def id_of(answer: httpx.Response) -> str:
    return str(answer.json()["evidence"]["file"]["id"])


def stored(folder: Path) -> list[Path]:
    return [path for path in (folder / "evidence" / "registry").rglob("*") if path.is_file()]


def test_a_file_is_uploaded_read_and_the_reading_recorded(running: Lika, cadre: ApiClient, household: str) -> None:
    answer = upload(cadre, subjects=[household])
    assert answer.status_code == 201, answer.text
    known = cadre.get(f"{EVIDENCE}/{id_of(answer)}").json()
    assert (known["kind"], known["media_type"], known["size"]) == ("minutes", "application/pdf", len(PDF))
    assert (known["subjects"], known["shredded"], known["uploaded_by"]) == ([household], False, "cadre-1")
    content = cadre.get(f"{EVIDENCE}/{id_of(answer)}/content", purpose="case")
    assert (content.status_code, content.content) == (200, PDF)
    assert content.headers["Content-Type"] == "application/pdf"
    assert content.headers["Content-Disposition"] == f'attachment; filename="{id_of(answer)}.pdf"'
    assert content.headers["X-Content-Type-Options"] == "nosniff"
    assert content.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert content.headers["Cache-Control"] == "no-store"
    read = readings_of(running.services["registry"].store, "cadre-1")[-1].fact
    assert isinstance(read, EvidenceRead)
    assert (str(read.evidence_id), read.purpose) == (id_of(answer), "case")


def test_the_fact_names_the_sealed_bytes_and_nothing_of_the_file(
    running: Lika, cadre: ApiClient, household: str, folder: Path
) -> None:
    answer = upload(cadre, subjects=[household], name="张三的身份证 110101199001011234.pdf")
    (recorded,) = running.services["registry"].store.stream(f"evidence-{id_of(answer)}")
    assert isinstance(recorded.fact, EvidenceUploaded)
    (kept,) = [path for path in stored(folder) if path.name == UUID(id_of(answer)).hex]
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == recorded.fact.sha256
    assert hashlib.sha256(PDF).hexdigest() != recorded.fact.sha256
    for text in ("张三", "110101199001011234"):
        assert text.encode() not in recorded.payload
    assert b"minutes of a meeting" not in kept.read_bytes()


def test_everything_on_disk_is_the_owners_alone(cadre: ApiClient, household: str, folder: Path) -> None:
    uploaded(cadre, subjects=[household])
    root = folder / "evidence"
    for path in (root, *root.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("what", ACCEPTED)
def test_what_the_sender_calls_it_does_not_count(cadre: ApiClient, household: str, what: str) -> None:
    content, media_type = ACCEPTED[what]
    answer = upload(cadre, content=content, subjects=[household], name="page.html", type_="text/html")
    assert cadre.get(f"{EVIDENCE}/{id_of(answer)}").json()["media_type"] == media_type
    read = cadre.get(f"{EVIDENCE}/{id_of(answer)}/content", purpose="case")
    assert read.headers["Content-Type"] == media_type
    assert read.content == content


@pytest.mark.parametrize("what", REFUSED)
def test_another_kind_of_file_is_refused_and_nothing_of_it_kept(
    cadre: ApiClient, household: str, folder: Path, what: str
) -> None:
    before = stored(folder)
    answer = upload(cadre, content=REFUSED[what], subjects=[household])
    assert status_and_code(answer) == (415, "evidence_type_not_accepted")
    assert stored(folder) == before


def test_an_upload_tried_out_is_looked_at_and_forgotten(
    running: Lika, cadre: ApiClient, household: str, folder: Path
) -> None:
    before, head = stored(folder), running.services["registry"].store.position()
    dry = upload(cadre, subjects=[household], params={"dry_run": True})
    assert (dry.status_code, dry.json()["refused"], dry.json()["location"]) == (200, [], None)
    assert [w["type"] for w in dry.json()["would_record"]] == ["EvidenceUploaded"]
    wrong = upload(cadre, subjects=[uuid4()], params={"dry_run": True})
    assert [no["code"] for no in wrong.json()["refused"]] == ["evidence_subject_unknown"]
    refused = upload(cadre, content=next(iter(REFUSED.values())), params={"dry_run": True})
    assert status_and_code(refused) == (415, "evidence_type_not_accepted")
    assert (stored(folder), running.services["registry"].store.position()) == (before, head)


def test_the_key_of_a_file_is_listed_under_whom_it_concerns(running: Lika, cadre: ApiClient, household: str) -> None:
    """So that whoever shreds a household finds what is about it and others."""
    vault = running.services["registry"].environment.open_data_keys()
    assert isinstance(vault, Vault)
    at_once, later = (UUID(id_of(upload(cadre, subjects=about))) for about in ([household], []))
    assert cadre.post(f"{EVIDENCE}/{later}/subjects", {"subjects": [household]}).status_code == 201
    cited = uploaded(cadre)
    survey = {"effective_on": "2014-05-25", "arable_mu": "3.5", "evidence": cited}
    assert cadre.post(f"/registry/households/{household}/surveys", survey).status_code == 201
    assert {at_once, later, UUID(cited[0]["file"]["id"])} <= set(vault.concerning(UUID(household)))


def test_a_repeated_upload_is_the_same_one(cadre: ApiClient, household: str, folder: Path) -> None:
    first = upload(cadre, subjects=[household], key="upload-00001")
    before = stored(folder)
    again = upload(cadre, subjects=[household], key="upload-00001", name="other.pdf")
    assert (again.status_code, again.json()["replayed"]) == (201, True)
    assert again.json()["evidence"] == first.json()["evidence"]
    assert stored(folder) == before
    other = upload(cadre, content=PDF + b"more", subjects=[household], key="upload-00001")
    assert status_and_code(other) == (409, "idempotency_key_reused")
    assert stored(folder) == before


def test_evidence_is_seen_in_the_area_of_one_of_its_subjects_alone(
    running: Lika, cadre: ApiClient, reviewer: ApiClient, household: str
) -> None:
    path = f"{EVIDENCE}/{id_of(upload(cadre, subjects=[household]))}"
    neighbour = running.client_for("cadre-2", NEIGHBOUR, Role.CADRE)
    stranger = running.client_for("cadre-3", ELSEWHERE, Role.CADRE)
    assert reviewer.get(path).status_code == 200
    for outsider in (neighbour, stranger):
        assert status_and_code(outsider.get(path)) == (404, "not_found")
        assert status_and_code(outsider.get(f"{path}/content", purpose="case")) == (404, "not_found")
    assert status_and_code(cadre.get(f"{EVIDENCE}/{uuid4()}")) == (404, "not_found")


def test_minutes_of_many_households_show_each_village_its_own(
    running: Lika, cadre: ApiClient, reviewer: ApiClient, household: str
) -> None:
    neighbour = running.client_for("cadre-2", NEIGHBOUR, Role.CADRE)
    next_door = record_household(neighbour, NEIGHBOUR).rpartition("/")[2]
    path = f"{EVIDENCE}/{id_of(upload(reviewer, subjects=[household, next_door]))}"
    assert sorted(reviewer.get(path).json()["subjects"]) == sorted([household, next_door])
    for person, own in ((cadre, household), (neighbour, next_door)):
        seen = person.get(path).json()
        assert (seen["subjects"], seen["subjects_in_all"]) == ([own], 2)


def test_before_it_concerns_anybody_a_file_is_its_uploaders(running: Lika, cadre: ApiClient, household: str) -> None:
    path = f"{EVIDENCE}/{id_of(upload(cadre))}"
    colleague = running.client_for("cadre-9", VILLAGE, Role.CADRE)
    assert (cadre.get(path).status_code, colleague.get(path).status_code) == (200, 404)
    assert cadre.post(f"{path}/subjects", {"subjects": [household]}).status_code == 201
    assert colleague.get(path).json()["subjects"] == [household]


def test_a_person_is_a_subject_where_their_household_is(running: Lika, cadre: ApiClient, household: str) -> None:
    person = cadre.get(f"/registry/households/{household}").json()["members"][0]["person_id"]
    path = f"{EVIDENCE}/{id_of(upload(cadre, subjects=[person]))}"
    assert running.client_for("cadre-9", VILLAGE, Role.CADRE).get(path).status_code == 200


def test_subjects_must_be_known_and_in_the_callers_area(running: Lika, cadre: ApiClient, folder: Path) -> None:
    stranger = running.client_for("cadre-3", ELSEWHERE, Role.CADRE)
    far = record_household(stranger, ELSEWHERE).rpartition("/")[2]
    before = stored(folder)
    for subject in (far, uuid4()):
        assert status_and_code(upload(cadre, subjects=[subject])) == (409, "evidence_subject_unknown")
    assert stored(folder) == before


def test_reading_needs_a_purpose_that_the_role_has(
    running: Lika, cadre: ApiClient, reviewer: ApiClient, household: str
) -> None:
    path = f"{EVIDENCE}/{id_of(upload(cadre, subjects=[household]))}/content"
    assert cadre.get(path).status_code == 422
    assert status_and_code(cadre.get(path, purpose="audit")) == (403, "purpose_not_allowed")
    analyst = running.client_for("analyst-1", TOWNSHIP, Role.ANALYST)
    assert status_and_code(analyst.get(path, purpose="case")) == (403, "role_not_allowed")
    assert analyst.get(path.removesuffix("/content")).status_code == 200
    before = len(readings_of(running.services["registry"].store, "reviewer-1"))
    assert [reviewer.get(path, purpose="case").status_code for _ in range(2)] == [200, 200]
    assert len(readings_of(running.services["registry"].store, "reviewer-1")) == before + 2


def test_who_may_not_upload_is_told_before_the_body_is_read(running: Lika, folder: Path) -> None:
    before = stored(folder)
    auditor = running.client_for("auditor-1", "", Role.AUDITOR)
    assert status_and_code(upload(auditor, content=b"<not looked at>")) == (403, "role_not_allowed")
    answer = running.client.post(EVIDENCE, content=b"not even a form", headers={"Idempotency-Key": "anybody-1"})
    assert answer.status_code == 401
    assert stored(folder) == before


def test_malformed_uploads_leave_nothing(running: Lika, cadre: ApiClient, folder: Path) -> None:
    before = stored(folder)
    file = {"file": ("a.pdf", PDF, "application/pdf")}
    assert cadre.post(EVIDENCE, data={"kind": "minutes"}, files={"other": ("a", b"x")}).status_code == 422
    assert cadre.post(EVIDENCE, files=file).status_code == 422
    assert cadre.post(EVIDENCE, data={"kind": "张三"}, files=file).status_code == 422
    assert cadre.post(EVIDENCE, data={"kind": "minutes", "name": "a.pdf"}, files=file).status_code == 422
    assert cadre.post(EVIDENCE, data={"kind": "minutes", "subjects": "x"}, files=file).status_code == 422
    assert (
        cadre.post(EVIDENCE, data={"kind": "minutes"}, files=[("file", ("a", PDF)), ("file", ("b", PDF))]).status_code
        == 422
    )
    assert cadre.post(EVIDENCE, {"kind": "minutes"}).status_code == 415
    headers = {"Authorization": f"Bearer {cadre.token}", "Idempotency-Key": "cut-short-1"}
    headers["Content-Type"] = "multipart/form-data; boundary=b"
    cut = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n%PDF-1.7'
    assert running.client.post(EVIDENCE, content=cut, headers=headers).status_code == 422
    assert stored(folder) == before


def test_too_large_a_file_leaves_nothing(cadre: ApiClient, folder: Path) -> None:
    before = stored(folder)
    answer = upload(cadre, content=PDF + bytes(50 * 1024 * 1024))
    assert status_and_code(answer) == (413, "too_large")
    assert stored(folder) == before


def test_a_shredded_file_says_so_also_to_the_next_process(database: Callable[[str], str], tmp_path: Path) -> None:
    databases = cache(database)
    with registry_with_villages(databases, tmp_path) as running:
        cadre = running.client_for("cadre-1", VILLAGE, Role.CADRE)
        kept, gone = (
            f"{EVIDENCE}/{id_of(upload(cadre, subjects=[record_household(cadre).rpartition('/')[2]]))}"
            for _ in range(2)
        )
    vault = Vault.of(Settings(data_dir=tmp_path), databases("vault"))
    vault.shred(UUID(gone.rpartition("/")[2]))
    vault.close()
    with lika([registry], databases, tmp_path) as running:
        cadre = running.client_for("cadre-1", VILLAGE, Role.CADRE)
        assert [cadre.get(path).json()["shredded"] for path in (kept, gone)] == [False, True]
        assert cadre.get(f"{kept}/content", purpose="case").content == PDF
        assert status_and_code(cadre.get(f"{gone}/content", purpose="case")) == (410, "evidence_shredded")


def test_a_file_that_was_lost_or_altered_is_told_from_a_shredded_one(
    cadre: ApiClient, household: str, folder: Path
) -> None:
    path = f"{EVIDENCE}/{id_of(upload(cadre, subjects=[household]))}"
    (kept,) = [found for found in stored(folder) if found.name == UUID(path.rpartition("/")[2]).hex]
    content = bytearray(kept.read_bytes())
    content[-20] ^= 1
    kept.write_bytes(content)
    assert status_and_code(cadre.get(f"{path}/content", purpose="case")) == (500, "evidence_lost")
    kept.unlink()
    assert status_and_code(cadre.get(f"{path}/content", purpose="case")) == (500, "evidence_lost")
    assert cadre.get(path).json()["shredded"] is False
