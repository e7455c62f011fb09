"""An empty installation for a simulation: real databases and keys, the stores of every log."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

from contracts.canonical import encode
from contracts.facts import Fact
from contracts.personal import Personal
from lika.house import BUILDS
from lika.simulation.counts import FactCounts
from lika.simulation.months import Month
from lika.simulation.plan import Plan
from lika.simulation.writer import Writer
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.log.store import Store
from services.chassis.security.sealer import Sealer
from services.chassis.security.sealing import KeyedDigest, rewrite
from services.registry.vault.keys import Vault
from tests.lika.simulation.simulated_logs import months_of

SMALL = Plan(households=60, first=2014, last=2018, seed=6)
"""Some 3,500 facts: until the look-back and after it, with every kind of event."""


class Installation:
    """``conninfo``: the database of a service by name, created when it is first asked for."""

    def __init__(self, database: Callable[[str], str], folder: Path) -> None:
        self._database, self.settings = database, Settings(data_dir=folder)
        self._conninfos: dict[str, str] = {}

    def conninfo(self, name: str) -> str:
        if name not in self._conninfos:
            self._conninfos[name] = self._database(name)
        return self._conninfos[name]

    @contextmanager
    def stores(self) -> Iterator[tuple[Mapping[str, Store], Sealer]]:
        with ExitStack() as opened:
            stores = {name: Store(name, self.conninfo(name), SystemClock()) for name in BUILDS}
            for store in stores.values():
                opened.callback(store.close)
            vault = Vault.of(self.settings, self.conninfo("vault"))
            opened.callback(vault.close)
            yield stores, Sealer(vault, KeyedDigest(self.settings.load_index_keys()))

    def load(
        self, plan: Plan = SMALL, *, chunk_size: int = 2_000, months: Iterator[Month] | None = None
    ) -> tuple[int, FactCounts]:
        """Write a plan. Returns how many facts an earlier run had written, and the counts of all."""
        counts = FactCounts()
        with self.stores() as (stores, seals):
            writer = Writer(plan, stores, seals, chunk_size=chunk_size)
            for month in writer.write(months or months_of(plan)):
                counts += month
            return writer.resumed_from, counts

    def digests(self) -> dict[str, str]:
        """Per log, over positions, streams, versions and facts without their ciphertexts: nonces differ."""
        digests = {}
        with self.stores() as (stores, _):
            for name, store in stores.items():
                entries, _closed = store.page(0, 1_000_000)
                streams = dict.fromkeys(e.stream for e in entries)
                facts = {r.position: r.fact for stream in streams for r in store.stream(stream)}
                lines = (
                    f"{e.position} {e.stream} {e.version} {e.topic} {without_ciphertext(facts[e.position])!r}"
                    for e in entries
                )
                digests[name] = sha256("\n".join(lines).encode()).hexdigest()
        return digests


def without_ciphertext(fact: Fact) -> bytes:
    """The canonical bytes of a fact with the same ciphertext in every personal value."""
    return encode(rewrite(fact, lambda *_: Personal.sealed("A256GCM.1.AA")))
