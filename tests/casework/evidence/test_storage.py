"""Both storages do the same: a folder, and a real S3 server."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from services.casework.evidence.assembly import storage_of
from services.casework.evidence.storage import FileLost, FolderStorage, SealedStorage, StorageUnavailable
from services.chassis.ground.settings import Settings
from tests.support.s3 import BUCKET, S3Server

LATER = datetime.now(UTC) + timedelta(hours=1)
EARLIER = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.long_run)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> SealedStorage:
    """Made from settings, as services make theirs; an S3 server starts only where it is asked for."""
    server: S3Server | None = request.getfixturevalue("s3") if request.param == "s3" else None
    # Every test has a prefix of its own in the one bucket.
    return storage_of(Settings(data_dir=tmp_path, **(server.settings if server else {})), f"test-{uuid4().hex}")


@pytest.fixture
def spooled(tmp_path: Path) -> Callable[[bytes], Path]:
    """A sealed file as an upload leaves it."""

    def write(content: bytes) -> Path:
        path = tmp_path / f"{uuid4().hex}.spool"
        path.write_bytes(content)
        return path

    return write


def read(storage: SealedStorage, evidence_id: object) -> bytes:
    file = storage.open(evidence_id)  # type: ignore[arg-type]
    try:
        return b"".join(iter(lambda: file.read(1000), b""))
    finally:
        file.close()


def test_what_is_kept_is_read_again(storage: SealedStorage, spooled: Callable[[bytes], Path]) -> None:
    one, other = uuid4(), uuid4()
    path = spooled(b"sealed" * 1000)
    storage.keep(one, path)
    storage.keep(other, spooled(b""))
    assert (read(storage, one), read(storage, other)) == (b"sealed" * 1000, b"")
    assert not path.exists()


def test_five_megabytes_arrive_whole(storage: SealedStorage, spooled: Callable[[bytes], Path]) -> None:
    content, one = os.urandom(5 * 1024 * 1024 + 3), uuid4()
    storage.keep(one, spooled(content))
    assert read(storage, one) == content


def test_what_was_never_kept_or_was_deleted_is_lost(storage: SealedStorage, spooled: Callable[[bytes], Path]) -> None:
    one = uuid4()
    with pytest.raises(FileLost):
        storage.open(one)
    storage.keep(one, spooled(b"sealed"))
    storage.delete(one)
    storage.delete(one)
    with pytest.raises(FileLost):
        storage.open(one)


def test_files_are_found_by_their_age(storage: SealedStorage, spooled: Callable[[bytes], Path]) -> None:
    assert list(storage.older_than(LATER)) == []
    kept = {uuid4() for _ in range(5)}
    for one in kept:
        storage.keep(one, spooled(b"sealed"))
    assert set(storage.older_than(LATER)) == kept
    assert list(storage.older_than(EARLIER)) == []


def test_the_folder_fans_out_and_is_the_owners_alone(tmp_path: Path, spooled: Callable[[bytes], Path]) -> None:
    one, spool = uuid4(), spooled(b"sealed")
    spool.chmod(0o600)
    FolderStorage(tmp_path / "evidence" / "registry").keep(one, spool)
    place = tmp_path / "evidence" / "registry" / one.hex[:2] / one.hex[2:4] / one.hex
    assert place.read_bytes() == b"sealed"
    for folder in (place.parent, place.parent.parent, place.parents[2], place.parents[3]):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, spooled: Callable[[bytes], Path]) -> None:
    (tmp_path / "evidence").write_text("not a folder")
    with pytest.raises(StorageUnavailable):
        FolderStorage(tmp_path / "evidence").keep(uuid4(), spooled(b"sealed"))


@pytest.mark.long_run
def test_objects_lie_under_their_services_name(s3: S3Server, tmp_path: Path, spooled: Callable[[bytes], Path]) -> None:
    one = uuid4()
    storage_of(Settings(data_dir=tmp_path, **s3.settings), "registry").keep(one, spooled(b"sealed"))
    assert s3.objects()[f"registry/{one}"] == 6
    assert s3.client.get_object(Bucket=BUCKET, Key=f"registry/{one}")["Body"].read() == b"sealed"


@pytest.mark.long_run
def test_a_server_that_is_away_or_refuses_the_key_is_told(
    s3: S3Server, tmp_path: Path, spooled: Callable[[bytes], Path]
) -> None:
    wrong = storage_of(Settings(data_dir=tmp_path, **{**s3.settings, "evidence_s3_secret_key": "wrong"}), "registry")
    with pytest.raises(StorageUnavailable):
        wrong.open(uuid4())
    storage = storage_of(Settings(data_dir=tmp_path, **s3.settings), "registry")
    one = uuid4()
    storage.keep(one, spooled(b"sealed"))
    s3.stop()
    try:
        for away in (lambda: storage.open(one), lambda: storage.delete(one), lambda: storage.keep(one, spooled(b"x"))):
            with pytest.raises(StorageUnavailable):
                away()
    finally:
        s3.start()
    assert read(storage, one) == b"sealed"


@pytest.mark.parametrize("missing", ["evidence_s3_bucket", "evidence_s3_endpoint", "evidence_s3_secret_key"])
def test_settings_of_a_store_belong_together(missing: str) -> None:
    settings = {
        "evidence_s3_endpoint": "http://127.0.0.1:1", "evidence_s3_bucket": "evidence",
        "evidence_s3_access_key": "a", "evidence_s3_secret_key": "b",
    }  # fmt: skip
    assert Settings(**settings).evidence_s3_bucket == "evidence"  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="belong together"):
        Settings(**{name: value for name, value in settings.items() if name != missing})  # type: ignore[arg-type]
