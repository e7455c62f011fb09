"""Through Kafka: from an append to its effect committed in another service, against kafka-python producing and consuming
the same bytes.

Ours: units of 500 facts are appended one after the other, the relay sends them on, and a consumer in another process
commits its effect: the entry kept, the cursor moved, as the audit does with a log from which it folds nothing. With the
audit's view of households on top it is shown beside (what that costs by itself is a row of its own).

The floor has a process for each side, too, at work at the same time, and settings that suit it: batches of 256 KB,
idempotent, checksums in C. Its records carry what ours carry as headers in the value, which it moves three times as fast;
with headers as headers it is shown beside.
"""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from time import monotonic
from uuid import uuid4

import msgspec

from contracts.facts import HouseholdFact
from services.chassis.ground.clock import SystemClock
from services.chassis.kafka.cloudevents import CloudEventCodec
from services.chassis.kafka.record_batches import Producer, batch, records
from services.chassis.kafka.relay import Relay
from services.chassis.kafka.topic import create, name_of
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.sealing import seal
from services.registry.households.domain import stream_of
from services.registry.vault.kek import LocalKek
from services.registry.vault.keys import Vault
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.environment import Ground, Partner, partner
from tests.benchmarks.synthetic_households import lives
from tests.support.eventually import eventually
from tests.support.kafka import shared_kafka

HOUSEHOLDS, FACTS = 500, 20
EVENTS = HOUSEHOLDS * FACTS
PATIENCE = 120.0

Sealed = Sequence[Sequence[HouseholdFact]]
"""Households, each with its facts."""


@contextmanager
def relayed(ground: Ground) -> Iterator[Mapping[str, Contender]]:
    with ExitStack() as stack:
        broker = stack.enter_context(shared_kafka(uuid4().hex))
        ground.notes.append(f"through Kafka: {broker.name}")
        registry, vault, kept, viewed = stack.enter_context(ground.fresh("registry", "vault", "audit", "audit"))
        store = Store("registry", registry, SystemClock())
        stack.callback(store.close)
        relay = Relay(store, broker.bootstrap)
        stack.callback(relay.stop)
        told = sealed(vault, ground)
        append(store, anew(told[:1]))
        relay.start()
        eventually(lambda: relay.acknowledged == store.position(), PATIENCE)
        services = {
            name: stack.enter_context(
                partner(
                    "otherside", "service", producer=registry, conninfo=conninfo, kafka=broker.bootstrap, views=views
                )
            )
            for name, conninfo, views in (("ours", kept, False), ("ours, with views", viewed, True))
        }
        bare = {
            side: stack.enter_context(partner("otherside", side, kafka=broker.bootstrap))
            for side in ("producer", "consumer")
        }
        for started in (*services.values(), *bare.values()):
            started.hear()
        beside: dict[str, float] = {}

        def ours(service: Partner) -> float:
            service.ask(begin=store.position())
            append(store, anew(told[:1]))  # it has its connections when it has digested these
            service.ask(upto=store.position())
            households = anew(told)
            began = monotonic()
            append(store, households)
            at, beside["refilled"] = service.ask(upto=store.position())
            service.ask(end=True)
            return EVENTS / (float(at) - began)

        topics = count()

        def kafka(*, headers: bool) -> float:
            name = f"bare-{next(topics)}"
            create(broker.bootstrap, name, 1)
            path = laid_down(ground.folder / f"records-{headers}", store, headers=headers)
            for side in bare.values():
                side.ask(topic=name_of(name), path=str(path), events=EVENTS)
            began = monotonic()
            for side in bare.values():
                side.say(go=True)
            at = [float(side.hear()) for side in bare.values()]
            return EVENTS / (max(at) - began)

        yield {
            "ours": partial(ours, services["ours"]),
            "of these, not through Kafka": lambda: beside["refilled"],
            "kafka-python": partial(kafka, headers=False),
            "ours, with views": partial(ours, services["ours, with views"]),
            "kafka-python with headers": partial(kafka, headers=True),
        }


def sealed(vault: str, ground: Ground) -> Sealed:
    keys = Vault.connect(vault, LocalKek({1: ground.settings.load_kek()}))
    try:
        known = lives(HOUSEHOLDS, FACTS)
        ring = keys.keys_for(subject for life in known for subject in life.subjects)
        return [[seal(fact, ring) for fact in life.facts] for life in known]
    finally:
        keys.close()


def anew(told: Sealed) -> Sealed:
    """The same facts of other households."""
    ids = [uuid4() for _ in told]
    return [
        [msgspec.structs.replace(fact, household_id=new) for fact in life] for life, new in zip(told, ids, strict=True)
    ]


def append(store: Store, told: Sealed) -> None:
    """Facts of households that are new: every one's first in one unit, then every one's second, and so on."""
    streams = tuple(stream_of(life[0].household_id) for life in told)
    for at in range(FACTS):
        facts = [life[at] for life in told]

        def work(tx: Tx, facts: Sequence[HouseholdFact] = facts) -> Reply:
            for stream, fact in zip(streams, facts, strict=True):
                tx.append(stream, fact)
            return Reply()

        command = CommandRef.of("lika", "bench", str(uuid4()), b"")
        store.submit(Unit(command, work, extends=streams)).result()


def laid_down(path: Path, store: Store, *, headers: bool) -> Path:
    """Key, value and headers of each record as a relay lays them down; without ``headers`` their bytes are in the value."""
    if not path.exists():
        entries, _ = store.page(FACTS, EVENTS)
        written = CloudEventCodec(store.name, entries[0].command_id).records(entries)
        found = [(r.key, r.value, r.headers) for r in records(batch(written, Producer(1, 0), 0, 1))]
        path.write_bytes(
            pickle.dumps(found if headers else [(key, (value or b"") + laid, b"") for key, value, laid in found])
        )
    return path


KAFKA = Contest("through Kafka", relayed, rounds=3)
