"""What ``lika doctor`` looks at. A check is a function of the installation; it reads, and changes nothing. Its finding is
named after it."""

from collections.abc import Callable, Iterator, Mapping

import psycopg

from lika.databases import MIGRATIONS
from lika.house import BUILDS
from lika.operations.checks import (
    accounts,
    connections_elsewhere,
    consumers,
    deadlines,
    directory,
    integrity,
    keys,
    log,
    machine,
    replicas,
    running,
    schema,
    server,
    vault,
)
from lika.operations.finding import Finding, State, broken, ok
from lika.operations.installation import Installation
from services.assistance.service import NAME as ASSISTANCE
from services.registry.service import NAME as REGISTRY
from services.registry.vault.keys import VAULT

Check = Callable[[Installation], Finding]
DatabaseCheck = Callable[[Installation, str], Finding]

MACHINE_CHECKS: tuple[Check, ...] = (
    machine.python, machine.libraries, machine.data_folder, machine.free_space, keys.key_files,
    vault.key_encryption_key_place,
    running.house, running.identity, running.kafka,
    connections_elsewhere.certificates, connections_elsewhere.peers,
)  # fmt: skip
SERVER_CHECKS: tuple[Check, ...] = (
    server.durability, server.connections, server.databases, accounts.database_tls, accounts.owners_folder,
)  # fmt: skip
DATABASE_CHECKS: tuple[DatabaseCheck, ...] = (
    server.collation, schema.append_only, schema.planted_code, schema.leftovers, accounts.account, accounts.session_limits,
)  # fmt: skip
LOG_CHECKS: tuple[DatabaseCheck, ...] = (
    replicas.replicas,
    log.log_gapless, log.clock, log.closed_through, consumers.consumers, consumers.parked, deadlines.deadlines,
    integrity.integrity, schema.view_editions,
)  # fmt: skip
OWN_CHECKS: Mapping[str, tuple[DatabaseCheck, ...]] = {
    **dict.fromkeys(consumers.COPIES_EVERY_ENTRY, (consumers.copies,)),
    REGISTRY: (keys.index_keys, keys.search_digests, directory.staff, vault.sealed_keys),
    ASSISTANCE: (vault.sealed_keys,),
    VAULT: (vault.key_encryption_key,),
}
"""Of what only one database holds."""


def run_checks(installation: Installation) -> Iterator[Finding]:
    """Every finding, as it is made. What cannot be reached is told once and not asked further; what lies elsewhere, too."""
    for name in MIGRATIONS:
        if name not in installation.services:
            yield ok(f"{name}.elsewhere", "service_not_looked_at", service=name)
    for check in MACHINE_CHECKS:
        yield run_check(check, installation)
    reached = server.reachable(installation)
    yield reached
    if installation.maintenance is None or reached.state is State.BROKEN:
        return
    for check in SERVER_CHECKS:
        yield run_check(check, installation)
    try:
        present = installation.present_databases
    except psycopg.Error:
        return  # told by the check of the databases
    for name in installation.services:
        if name in present:
            yield from _run_database_checks(installation, name)


def _run_database_checks(installation: Installation, name: str) -> Iterator[Finding]:
    migrated = run_check(schema.migrations, installation, name)
    yield migrated
    if migrated.state is State.BROKEN and not has_tables(installation, name):
        return
    for check in (*DATABASE_CHECKS, *(LOG_CHECKS if name in BUILDS else ()), *OWN_CHECKS.get(name, ())):
        yield run_check(check, installation, name)


def run_check(check: Callable[..., Finding], installation: Installation, *name: str) -> Finding:
    """The finding of a check; that the database or the file system would not have it is a finding as well."""
    try:
        return check(installation, *name)
    except (psycopg.Error, OSError) as error:
        # The type only: what the database says may quote a row.
        return broken(".".join((*name, check.__name__)), "check_failed", error=type(error).__name__)


def has_tables(installation: Installation, name: str) -> bool:
    """Whether the database holds any table of ours."""
    try:
        return installation.query(name, "SELECT to_regclass('schema_migrations') IS NOT NULL") == [(True,)]
    except psycopg.Error:
        return False
