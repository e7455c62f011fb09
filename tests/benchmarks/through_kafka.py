"""Through Kafka: from an append to its effect committed in another service, against kafka-python producing and consuming
one record for each event.

Ours: units of 500 facts are appended one after the other, the relay sends them on, and a consumer in another process
commits its effect: it copies the entry and moves its cursor, as the audit does with a log from which it folds nothing.
With the audit's views on top it is a variant in no row (what views cost is a row of its own).

The floor has concurrent processes for producer and consumer, too, and suitable settings: batches of 256 KB, idempotent,
checksums in C. Its records hold the same JSON as an entry of our runs.
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
from services.chassis.kafka.relay import Relay
from services.chassis.kafka.runs import runs
from services.chassis.kafka.topic import name_of, require_topics
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.sealing import seal
from services.registry.households.domain import stream_of
from tests.benchmarks import remote_process
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment, ChildProcess, child_process
from tests.benchmarks.seeding import create_data_keys
from tests.benchmarks.synthetic_households import synthetic_households
from tests.support.eventually import eventually
from tests.support.kafka import shared_kafka

HOUSEHOLDS, FACTS = 500, 20
EVENTS = HOUSEHOLDS * FACTS
TIMEOUT = 120.0

Sealed = Sequence[Sequence[HouseholdFact]]
"""Households, each with its facts."""


@contextmanager
def kafka_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    with ExitStack() as stack:
        broker = stack.enter_context(shared_kafka(uuid4().hex))
        environment.notes.append(f"through Kafka: {broker.name}")
        registry, vault, copies, views = stack.enter_context(environment.fresh("registry", "vault", "audit", "audit"))
        store = Store("registry", registry, SystemClock())
        stack.callback(store.close)
        relay = Relay(store, broker)
        stack.callback(relay.stop)
        households = sealed_households(vault, environment)
        append(store, with_new_ids(households[:1]))
        relay.start()
        eventually(lambda: relay.acknowledged == store.position(), TIMEOUT)
        services = {
            name: stack.enter_context(
                child_process(
                    remote_process.__name__,
                    "service",
                    producer=registry,
                    conninfo=conninfo,
                    kafka=broker.bootstrap,
                    views=with_views,
                )
            )
            for name, conninfo, with_views in (("ours", copies, False), ("ours, with views", views, True))
        }
        bare = {
            side: stack.enter_context(child_process(remote_process.__name__, side, kafka=broker.bootstrap))
            for side in ("producer", "consumer")
        }
        for child in (*services.values(), *bare.values()):
            child.read_line()
        other_figures: dict[str, float] = {}

        def ours(service: ChildProcess) -> float:
            service.request(begin=store.position())
            append(store, with_new_ids(households[:1]))  # it is connected once it has consumed these
            service.request(upto=store.position())
            new_households = with_new_ids(households)
            started = monotonic()
            append(store, new_households)
            at, other_figures["refilled"] = service.request(upto=store.position())
            service.request(end=True)
            return EVENTS / (float(at) - started)

        topics = count()

        def kafka() -> float:
            name = f"bare-{next(topics)}"
            require_topics(broker, [name], 1, make=True)
            path = write_records(environment.folder / "records", store)
            for side in bare.values():
                side.request(topic=name_of(name), path=str(path), events=EVENTS)
            started = monotonic()
            for side in bare.values():
                side.send(go=True)
            at = [float(side.read_line()) for side in bare.values()]
            return EVENTS / (max(at) - started)

        yield {
            "ours": partial(ours, services["ours"]),
            "of these, not through Kafka": lambda: other_figures["refilled"],
            "kafka-python": kafka,
            "ours, with views": partial(ours, services["ours, with views"]),
        }


def sealed_households(vault: str, environment: BenchmarkEnvironment) -> Sealed:
    households = synthetic_households(HOUSEHOLDS, FACTS)
    subjects = (subject for household in households for subject in household.subjects)
    keyring = create_data_keys(vault, environment.settings, subjects)
    return [[seal(fact, keyring) for fact in household.facts] for household in households]


def with_new_ids(households: Sealed) -> Sealed:
    """The same facts of other households."""
    ids = [uuid4() for _ in households]
    return [
        [msgspec.structs.replace(fact, household_id=new) for fact in facts]
        for facts, new in zip(households, ids, strict=True)
    ]


def append(store: Store, households: Sealed) -> None:
    """Append facts of new households: every household's first fact in one unit, then every one's second, and so on."""
    streams = tuple(stream_of(facts[0].household_id) for facts in households)
    for at in range(FACTS):
        facts = [facts[at] for facts in households]

        def work(tx: Tx, facts: Sequence[HouseholdFact] = facts) -> Reply:
            for stream, fact in zip(streams, facts, strict=True):
                tx.append(stream, fact)
            return Reply()

        command = CommandRef.of("lika", "bench", str(uuid4()), b"")
        store.submit(Unit(command, work, extends=streams)).result()


def write_records(path: Path, store: Store) -> Path:
    """A file with key and value of one record for each entry."""
    if not path.exists():
        entries, _ = store.page(FACTS, EVENTS)
        path.write_bytes(pickle.dumps([(e.stream.encode(), run.value) for e in entries for run in runs([e])]))
    return path


KAFKA = Benchmark("through Kafka", kafka_variants, rounds=3)
