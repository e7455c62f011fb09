"""The tables: made by these very migration files, guarded by their triggers, and without leftovers."""

import re

from lika.house import MIGRATIONS
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Premises
from services.chassis.postgres.migrate import MigrationError, read_folder
from services.chassis.views.blue_green import SHADOW
from services.chassis.views.rebuild import LOCK

MADE = re.compile(r"^CREATE TRIGGER (\w+)\s[^;]*?\sON (\w+)", re.MULTILINE)
DROPPED = re.compile(r"^DROP TRIGGER (?:IF EXISTS )?(\w+) ON (\w+)", re.MULTILINE)

REBUILDING = """
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
"""Whether a rebuild holds its lock."""


def migrations(house: Premises, name: str) -> Finding:
    named = f"{name}.migrations"
    try:
        files = [migration for folder in MIGRATIONS[name] for migration in read_folder(folder)]
    except MigrationError as wrong:
        return broken(
            named,
            "迁移文件的名称或编号不对",
            "a migration file is misnamed",
            "请重新安装本版本",
            f"install again: {wrong}",
        )
    if house.ask(name, "SELECT to_regclass('schema_migrations') IS NULL") == [(True,)]:
        return broken(
            named, "数据库是空的，从未迁移", "the database is empty: nothing was ever applied",
            "若应有数据，请从备份恢复；否则执行 lika migrate", "restore a backup if it held data; else run lika migrate",
        )  # fmt: skip
    rows = house.ask(name, "SELECT set_name, number, file_name, sha256 FROM schema_migrations")
    applied = {(set_name, number): (file_name, sha256) for set_name, number, file_name, sha256 in rows}
    known = {(f.set_name, f.number): f for f in files}
    if changed := [f.name for at, f in known.items() if at in applied and applied[at] != (f.path.name, f.sha256)]:
        return broken(
            named, f"已执行的迁移文件被改动：{'、'.join(changed)}", f"changed since they were applied: {', '.join(changed)}",
            "Lika 因此不会启动。请恢复原文件（重新安装本版本），改动另立编号",
            "Lika will not start. Restore the files (install this release again); a change takes a new number",
        )  # fmt: skip
    if pending := [f.name for at, f in known.items() if at not in applied]:
        return warning(
            named, f"尚未执行：{'、'.join(pending)}", f"pending: {', '.join(pending)}",
            "执行 lika migrate（下次启动时也会执行）", "run lika migrate (the next start does so, too)",
        )  # fmt: skip
    if later := sorted(
        f"{set_name}/{applied[set_name, n][0]}" for set_name, n in applied if (set_name, n) not in known
    ):
        return warning(
            named, f"数据库由更新的版本迁移过：{'、'.join(later)}", f"a later release has applied: {', '.join(later)}",
            "请安装该版本", "install that release",
        )  # fmt: skip
    return ok(named, f"{len(files)} 个迁移均已执行", f"all {len(files)} migrations are applied")


def guards(house: Premises, name: str) -> Finding:
    """The triggers that refuse rewriting, as the migrations make them."""
    named = f"{name}.append_only"
    wanted: set[tuple[str, str]] = set()
    for folder in MIGRATIONS[name]:
        for migration in read_folder(folder):
            wanted = wanted - set(DROPPED.findall(migration.text)) | set(MADE.findall(migration.text))
    present = set(
        house.ask(
            name,
            "SELECT tgname::text, tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
        )
    )
    if missing := sorted(f"{table}: {trigger}" for trigger, table in wanted - present):
        return broken(
            named, f"防改写触发器缺失或停用：{'、'.join(missing)}", f"missing or disabled: {', '.join(missing)}",
            "有人取消了保护：请查明缘由，将数据与审计副本比对，再从迁移文件中重建触发器（或 ALTER TABLE … ENABLE TRIGGER）",
            "somebody took the guard away: find out why, compare the data with audit's copy, then make the trigger again "
            "as its migration does (or ALTER TABLE … ENABLE TRIGGER)",
        )  # fmt: skip
    return ok(named, f"{len(wanted)} 个防改写触发器在位", f"{len(wanted)} triggers refuse rewriting")


def leftovers(house: Premises, name: str) -> Finding:
    named = f"{name}.leftovers"
    # Before and after: a rebuild that begins or ends between two questions leaves nothing to complain of.
    before = _rebuilding(house, name)
    tables = house.ask(
        name, "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND right(relname, 7) = %s", SHADOW
    )
    if tables and (before or _rebuilding(house, name)):
        return ok(named, "正在重建", "a rebuild is under way")
    if tables:
        listed = ", ".join(sorted(table for (table,) in tables))
        return warning(
            named, f"有重建留下的表：{listed}", f"tables of a rebuild: {listed}",
            f"重建曾被中断，现用的表不受影响：请再次执行 lika rebuild {name} --all",
            f"one was cut off, which leaves the live tables as they were: run lika rebuild {name} --all again",
        )  # fmt: skip
    return ok(named, "没有中断的重建", "no rebuild was cut off")


def _rebuilding(house: Premises, name: str) -> bool:
    return bool(house.ask(name, REBUILDING, LOCK)[0][0])
