"""What whoever starts services gives them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.chassis.following.sealed_subjects import sealed_among
from services.chassis.ground.settings import Settings
from services.chassis.log.store import Store
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealer import Sealer
from services.chassis.security.sealing import KeyedDigest
from services.chassis.security.verifier import Verifier


@dataclass(frozen=True)
class Environment:
    """Settings, databases, who is who, and the vault. ``simulated_from`` only counts for a log that is still empty;
    ``open_data_keys``: closed by whoever asked for them, and sent to other processes that fold personal values."""

    settings: Settings
    conninfo: Callable[[str], str]
    verifier: Verifier
    open_data_keys: Callable[[], DataKeys]
    simulated_from: datetime | None = None

    def sealer(self, store: Store) -> Sealer:
        """Seals with the installation's data keys what ``store`` will hold, whose service keeps ``SealedSubjectsView``; whoever
        takes it closes them (``Sealer.data_keys``) at the end."""
        digest = KeyedDigest(self.settings.load_index_keys())
        return Sealer(self.open_data_keys(), digest, partial(sealed_among, store))
