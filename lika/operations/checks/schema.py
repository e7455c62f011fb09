"""The tables: made by these very migration files, guarded by their triggers, and without leftovers."""

import re

from lika.databases import MIGRATIONS
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.postgres.migrate import APPLIED, Applied, MigrationError, read_folder, require_served
from services.chassis.postgres.planted_code import planted_functions
from services.chassis.views.blue_green import SHADOW
from services.chassis.views.editions import OUTDATED
from services.chassis.views.rebuild import LOCK

CREATE_TRIGGER = re.compile(r"^CREATE TRIGGER (\w+)\s[^;]*?\sON (\w+)", re.MULTILINE)
DROP_TRIGGER = re.compile(r"^DROP TRIGGER (?:IF EXISTS )?(\w+) ON (\w+)", re.MULTILINE)

REBUILDING = """
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
"""Whether a rebuild holds its lock."""


def migrations(installation: Installation, name: str) -> Finding:
    named = f"{name}.migrations"
    try:
        files = [migration for folder in MIGRATIONS[name] for migration in read_folder(folder)]
    except MigrationError as error:
        return broken(named, "migration_misnamed", error=error)
    if installation.query(name, "SELECT to_regclass('schema_migrations') IS NULL") == [(True,)]:
        return broken(named, "never_migrated")
    rows = [Applied(*row) for row in installation.query(name, APPLIED)]
    applied = {(row.set_name, row.number): (row.file_name, row.sha256) for row in rows}
    known = {(f.set_name, f.number): f for f in files}
    if changed := [f.name for at, f in known.items() if at in applied and applied[at] != (f.path.name, f.sha256)]:
        return broken(named, "migrations_changed", files=changed)
    try:
        require_served(files, rows)
    except MigrationError:
        refused = [f"{row.set_name}/{row.file_name}" for row in rows if not row.former_release]
        return broken(named, "migrations_refuse_this_release", files=sorted(refused))
    if pending := [f.name for at, f in known.items() if at not in applied]:
        return warning(named, "migrations_pending", files=pending)
    if later := sorted(f"{at[0]}/{file_name}" for at, (file_name, _) in applied.items() if at not in known):
        return warning(named, "migrations_of_later_release", files=later)
    return ok(named, "migrations_applied", count=len(files))


def append_only(installation: Installation, name: str) -> Finding:
    """The triggers that refuse rewriting, as the migrations make them."""
    named = f"{name}.append_only"
    wanted: set[tuple[str, str]] = set()
    for folder in MIGRATIONS[name]:
        for migration in read_folder(folder):
            wanted = wanted - set(DROP_TRIGGER.findall(migration.text)) | set(CREATE_TRIGGER.findall(migration.text))
    present = set(
        installation.query(
            name,
            "SELECT tgname::text, tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
        )
    )
    if missing := sorted(f"{table}: {trigger}" for trigger, table in wanted - present):
        return broken(named, "triggers_missing", triggers=missing)
    return ok(named, "append_only", count=len(wanted))


def planted_code(installation: Installation, name: str) -> Finding:
    """Functions that a migration would run with its rights, and that none brought."""
    named = f"{name}.planted_code"
    texts = [migration.text for folder in MIGRATIONS[name] for migration in read_folder(folder)]
    if planted := planted_functions(installation.connection(name), texts):
        return broken(named, "functions_unknown", functions=planted)
    return ok(named, "functions_known")


def leftovers(installation: Installation, name: str) -> Finding:
    named = f"{name}.leftovers"
    # Before and after: a rebuild that begins or ends between two queries leaves nothing to complain of.
    before = _is_rebuilding(installation, name)
    tables = installation.query(
        name, "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND right(relname, 7) = %s ORDER BY 1", SHADOW
    )
    if not tables:
        return ok(named, "no_leftovers")
    if before or _is_rebuilding(installation, name):
        return ok(named, "rebuild_running")
    return warning(named, "leftovers", tables=[table for (table,) in tables], service=name)


def view_editions(installation: Installation, name: str) -> Finding:
    """Views whose rows a former release made otherwise than the latest one that ran, or from fewer types of facts."""
    named = f"{name}.view_editions"
    views = [view for (view,) in installation.query(name, OUTDATED)]
    if views:
        return warning(named, "views_outdated", views=views, service=name, arguments=" ".join(views))
    passed_over = installation.query(name, "SELECT DISTINCT type_name FROM copied_types WHERE since > 0 ORDER BY 1")
    if passed_over:
        return warning(named, "types_passed_over", types=[each for (each,) in passed_over], service=name)
    return ok(named, "views_current")


def _is_rebuilding(installation: Installation, name: str) -> bool:
    return bool(installation.query(name, REBUILDING, LOCK)[0][0])
