"""The database server: that it can be reached, what it promises about durability, and that every database is there."""

import psycopg

from lika.messages import say
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.ground.messages import Message
from services.chassis.ground.settings import database_name
from services.chassis.postgres.embedded import MAJOR

OLDEST_POSTGRES = 15
"""Major version that Lika has been measured on."""

NEEDED_CONNECTIONS = 64
"""Of one house: four services with at most ten readers, a leader, a listener and a comparison each, and the vault's."""


def reachable(installation: Installation) -> Finding:
    if (trouble := installation.unavailable) is not None:
        first_line = Message(trouble.code, trouble.zh.splitlines()[0], trouble.en.splitlines()[0])
        return broken("database", "embedded_server_failed", error=first_line)
    if installation.maintenance is None:
        return warning("database", "no_database_yet")
    try:
        ((version, number),) = installation.query_server(
            "SELECT current_setting('server_version'), current_setting('server_version_num')::int"
        )
    except psycopg.Error as error:
        # The library's message names the server and the user; what it is about is enough here.
        return broken("database", "server_unreachable", error=type(error).__name__)
    release = version.split()[0]
    if number // 10_000 < OLDEST_POSTGRES:
        return warning("database", "server_too_old", version=release, oldest=OLDEST_POSTGRES, newest=MAJOR)
    return ok("database", "server_reachable", version=release)


def durability(installation: Installation) -> Finding:
    risks = {
        "fsync": say("fsync_off"),
        "synchronous_commit": say("synchronous_commit_off"),
        "full_page_writes": say("full_page_writes_off"),
    }
    rows = installation.query_server("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", list(risks))
    settings = dict(rows)
    off = [name for name in risks if settings.get(name) == "off"]
    if off:
        commands = "; ".join(f"ALTER SYSTEM SET {name} = on" for name in off)
        return warning("durability", "durability_off", risks=[risks[name] for name in off], commands=commands)
    return ok("durability", "durability_on", settings=list(risks))


def connections(installation: Installation) -> Finding:
    ((most, used),) = installation.query_server(
        "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,"
        # What others do is shown to a superuser alone, how many they are to everybody.
        " sum(numbackends)::int FROM pg_stat_database"
    )
    if most < NEEDED_CONNECTIONS or used > most * 0.9:
        wanted = max(NEEDED_CONNECTIONS, used * 2)
        return warning("connections", "connections_few", most=most, used=used, wanted=wanted)
    return ok("connections", "connections", most=most, used=used)


def databases(installation: Installation) -> Finding:
    wanted = installation.services
    missing = [database_name(name) for name in wanted if name not in installation.present_databases]
    if len(missing) == len(wanted):
        return warning("databases", "no_databases")
    if missing:
        return broken("databases", "databases_missing", missing=missing)
    return ok("databases", "databases_present", count=len(wanted))


def collation(installation: Installation, name: str) -> Finding:
    """Page cursors compare text in the database and in Python: both must sort alike."""
    ((encoding, collate),) = installation.query(
        name,
        "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()",
    )
    named = f"{name}.collation"
    if (encoding, collate) not in (("UTF8", "C"), ("UTF8", "POSIX")):
        return broken(named, "collation_wrong", encoding=encoding, collation=collate, database=database_name(name))
    return ok(named, "collation")
