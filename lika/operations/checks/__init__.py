"""What ``lika doctor`` looks at. A check is a function of the premises; it reads, and changes nothing."""

from collections.abc import Callable, Iterator

import psycopg

from lika.house import BUILDS, MIGRATIONS
from lika.operations.checks import consumers, deadlines, keys, log, machine, running, schema, server
from lika.operations.finding import Finding, State, broken
from lika.operations.installation import Premises
from services.registry.service import NAME as REGISTRY
from services.registry.service import VAULT

Check = Callable[[Premises], Finding]
CheckOf = Callable[[Premises, str], Finding]

OF_THE_MACHINE: tuple[Check, ...] = (
    machine.python_version, machine.libraries, machine.data_folder, machine.free_space, keys.key_files,
    running.answers, running.identity, running.kafka,
)  # fmt: skip
OF_THE_SERVER: tuple[Check, ...] = (server.durability, server.connections, server.databases)
OF_A_DATABASE: tuple[CheckOf, ...] = (server.collation, schema.guards, schema.leftovers)
OF_A_LOG: tuple[CheckOf, ...] = (
    log.gapless, log.clock, log.closed, consumers.consumers, consumers.parked, deadlines.deadlines,
)  # fmt: skip
OF_KEYS: dict[str, Check] = {REGISTRY: keys.index_keys, VAULT: keys.vault_key}


def examine(house: Premises) -> Iterator[Finding]:
    """Every finding, as it is made. What cannot be reached is told once and not asked further."""
    for check in OF_THE_MACHINE:
        yield made(check, house)
    reached = server.reachable(house)
    yield reached
    if house.maintenance is None or reached.state is State.BROKEN:
        return
    for check in OF_THE_SERVER:
        yield made(check, house)
    try:
        present = house.present
    except psycopg.Error:
        return  # told by the check of the databases
    for name in MIGRATIONS:
        if name in present:
            yield from _database(house, name)


def _database(house: Premises, name: str) -> Iterator[Finding]:
    migrated = made(schema.migrations, house, name)
    yield migrated
    if migrated.state is State.BROKEN and not made_anything(house, name):
        return
    for check in (*OF_A_DATABASE, *(OF_A_LOG if name in BUILDS else ())):
        yield made(check, house, name)
    if name in consumers.KEEPS_ALL:
        yield made(consumers.copies, house, name)
    if name in OF_KEYS:
        yield made(OF_KEYS[name], house)


def made(check: Callable[..., Finding], house: Premises, *name: str) -> Finding:
    """The finding of a check; that the database or the file system would not have it is a finding as well."""
    try:
        return check(house, *name)
    except (psycopg.Error, OSError) as error:
        # The type only: what the database says may quote a row.
        kind = type(error).__name__
        return broken(
            ".".join((*name, check.__name__)), f"无法检查（{kind}）", f"could not be looked at ({kind})",
            "请先处理其他问题，再执行 lika doctor", "mend the rest first, then run lika doctor again",
        )  # fmt: skip


def made_anything(house: Premises, name: str) -> bool:
    """Whether the database holds any table of ours."""
    try:
        return house.ask(name, "SELECT to_regclass('schema_migrations') IS NOT NULL") == [(True,)]
    except psycopg.Error:
        return False
