"""The evidence of one service, put together from its settings."""

from services.casework.evidence.storage import FolderStorage, SealedStorage
from services.casework.evidence.store import EvidenceStore, HiddenFrom, nobody
from services.casework.evidence.sweep import EvidenceSweep
from services.chassis.ground.settings import Settings
from services.chassis.service import Service


def evidence_of(service: Service, areas: str, hidden_from: HiddenFrom = nobody) -> EvidenceStore:
    """``areas``, ``hidden_from``: see ``EvidenceStore``. The service sweeps it, and closes it at its end."""
    settings, open_keys = service.environment.settings, service.environment.open_data_keys
    evidence = EvidenceStore(service.store, areas, open_keys, storage_of(settings, service.name), settings, hidden_from)
    service.background = (*service.background, EvidenceSweep(evidence))
    service.closes = (*service.closes, evidence.close)
    return evidence


def storage_of(settings: Settings, name: str) -> SealedStorage:
    """The S3-compatible store where the settings name one, else a folder in ``data_dir``."""
    if settings.evidence_s3_bucket is not None:
        # Its client takes a third of a second to import.
        from services.casework.evidence.s3_storage import S3Storage

        return S3Storage.of(settings, name)
    return FolderStorage(settings.data_dir / "evidence" / name)
