"""What failed uploads leave behind is swept; what a fact names stays."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.casework.evidence import EvidenceUploaded
from services.casework.evidence.assembly import storage_of
from services.casework.evidence.store import KEPT_UNCLAIMED, EvidenceStore
from services.casework.evidence.sweep import EvidenceSweep
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.log.command_record import CommandRef
from services.chassis.log.store import Store
from services.registry.areas import AREAS
from services.registry.vault.keys import Vault
from tests.support.eventually import eventually
from tests.support.evidence import PDF

LONG_AGO = (SystemClock().now() - KEPT_UNCLAIMED * 2).timestamp()


@pytest.fixture
def evidence(database: Callable[[str], str], tmp_path: Path) -> Iterator[EvidenceStore]:
    settings = Settings(data_dir=tmp_path)
    store = Store("registry", database("registry"), SystemClock())
    made = EvidenceStore(
        store, AREAS, lambda: Vault.of(settings, database("vault")), storage_of(settings, "registry"), settings
    )
    yield made
    made.close()
    store.close()


def keep(evidence: EvidenceStore, *, recorded: bool) -> UUID:
    with evidence.begin() as incoming:
        incoming.write(PDF)
        unit = evidence.keep(incoming, "minutes", (), CommandRef.of("cadre-1", "POST", str(uuid4()), b""))
        if recorded:
            evidence.settled(evidence.store.submit(unit).result(), incoming)
    return incoming.id


def files(folder: Path) -> set[str]:
    return {path.name.partition(".")[0] for path in (folder / "evidence").rglob("*") if path.is_file()}


def age(folder: Path) -> None:
    for path in (folder / "evidence").rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))


def test_old_files_without_a_fact_are_deleted_and_no_others(evidence: EvidenceStore, tmp_path: Path) -> None:
    named, orphan = keep(evidence, recorded=True), keep(evidence, recorded=False)
    cut_short = evidence.begin()
    cut_short.write(PDF)  # and then the process was killed
    age(tmp_path)
    fresh, under_way = keep(evidence, recorded=False), evidence.begin()
    assert files(tmp_path) == {i.hex for i in (named, orphan, cut_short.id, fresh, under_way.id)}
    assert evidence.sweep() == 2
    assert files(tmp_path) == {i.hex for i in (named, fresh, under_way.id)}
    assert b"".join(evidence.content(evidence.find([named])[named])) == PDF


def test_a_service_sweeps_when_it_starts(evidence: EvidenceStore, tmp_path: Path) -> None:
    keep(evidence, recorded=False)
    age(tmp_path)
    sweep = EvidenceSweep(evidence)
    sweep.start()
    try:
        eventually(lambda: not files(tmp_path))
    finally:
        sweep.stop()


def test_a_file_is_seen_only_when_its_fact_is_recorded(evidence: EvidenceStore) -> None:
    unseen = keep(evidence, recorded=False)
    assert evidence.find([unseen]) == {}
    seen = keep(evidence, recorded=True)
    assert evidence.find([seen, unseen]).keys() == {seen}


def test_bytes_are_durable_before_the_fact(
    evidence: EvidenceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file and every folder on its way are synchronized before the unit of work can be submitted."""
    keep(evidence, recorded=True)  # the keys are made
    synced: list[str] = []
    usual = os.fsync

    def noting(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        usual(handle)

    monkeypatch.setattr(os, "fsync", noting)
    with evidence.begin() as incoming:
        incoming.write(PDF)
        spool = str(incoming.path)
        unit = evidence.keep(incoming, "minutes", (), CommandRef.of("cadre-1", "POST", str(uuid4()), b""))
        (place,) = [path for path in (tmp_path / "evidence").rglob(incoming.id.hex) if path.is_file()]
        assert [spool, str(place.parent), str(place.parent.parent)] == synced[:3]
        recorded: Any = evidence.settled(evidence.store.submit(unit).result(), incoming).upload
    assert isinstance(recorded, EvidenceUploaded)
