"""The database server: that it can be reached, what it promises about durability, and that every database is there."""

from collections.abc import Mapping

import psycopg

from lika.house import MIGRATIONS
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Premises
from services.chassis.ground.settings import database_name
from services.chassis.postgres.embedded import MAJOR

OLDEST = 15
"""Major version of PostgreSQL that Lika has been measured on."""

NEEDED = 60
"""Connections of one house: four services with at most ten readers, a leader and a listener each, and the vault's."""

RISKS: Mapping[str, tuple[str, str]] = {
    "fsync": ("断电会损坏数据库", "a power cut ruins the database"),
    "synchronous_commit": ("断电会丢失已确认的命令", "a power cut loses acknowledged commands"),
    "full_page_writes": ("断电会损坏数据页", "a power cut tears pages"),
}


def reachable(house: Premises) -> Finding:
    if house.maintenance is None:
        if house.trouble is not None:
            return broken(
                "database", house.trouble.message.zh, house.trouble.message.en,
                "请按上述说明处理；服务器日志在数据文件夹的 postgres/server.log",
                "do as it says; the server's log is postgres/server.log in the data folder",
            )  # fmt: skip
        return warning(
            "database", "尚无数据库，Lika 未曾在此启动", "there is no database yet: Lika was never started here",
            "执行 lika up（或 make run）即建立；若用自己的服务器，请设置 DATABASE_URL",
            "lika up (or make run) makes it; for a server of your own set DATABASE_URL",
        )  # fmt: skip
    try:
        ((version, number),) = house.ask_server(
            "SELECT current_setting('server_version'), current_setting('server_version_num')::int"
        )
    except psycopg.Error as error:
        # The library's message names the server and the user; what it is about is enough here.
        return broken(
            "database", f"无法连接数据库服务器（{type(error).__name__}）", f"no connection ({type(error).__name__})",
            "请检查 DATABASE_URL、网络和服务器是否运行、账户与密码是否正确",
            "check DATABASE_URL, the network, that the server runs, and its account and password",
        )  # fmt: skip
    release = version.split()[0]
    if number // 10_000 < OLDEST:
        return warning(
            "database", f"PostgreSQL {release} 过旧", f"PostgreSQL {release} is old",
            f"请升级到 {OLDEST} 至 {MAJOR}", f"upgrade to {OLDEST} to {MAJOR}",
        )  # fmt: skip
    return ok("database", f"PostgreSQL {release} 可连接", f"PostgreSQL {release} can be reached")


def durability(house: Premises) -> Finding:
    settings = dict(house.ask_server("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", list(RISKS)))
    off = [name for name in RISKS if settings.get(name) == "off"]
    if off:
        return warning(
            "durability",
            "；".join(f"{name} 已关闭：{RISKS[name][0]}" for name in off),
            "; ".join(f"{name} is off: {RISKS[name][1]}" for name in off),
            "请执行 " + "；".join(f"ALTER SYSTEM SET {name} = on" for name in off) + "，然后 SELECT pg_reload_conf()",
            "; ".join(f"ALTER SYSTEM SET {name} = on" for name in off) + ", then SELECT pg_reload_conf()",
        )
    listed = "、".join(RISKS), ", ".join(RISKS)
    return ok("durability", f"{listed[0]} 均已开启", f"{listed[1]} are on")


def connections(house: Premises) -> Finding:
    ((most, used),) = house.ask_server(
        "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,"
        " count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend'"
    )
    zh, en = f"最多 {most} 个连接，现用 {used} 个", f"{used} of {most} connections are used"
    if most < NEEDED or used > most * 0.9:
        return warning(
            "connections", zh, en, f"请把 max_connections 调到至少 {max(NEEDED, used * 2)} 并重启数据库服务器",
            f"set max_connections to {max(NEEDED, used * 2)} or more and restart the server",
        )  # fmt: skip
    return ok("connections", zh, en)


def databases(house: Premises) -> Finding:
    missing = [database_name(name) for name in MIGRATIONS if name not in house.present]
    if len(missing) == len(MIGRATIONS):
        return warning(
            "databases", "服务器上还没有 Lika 的数据库", "the server holds no database of Lika yet",
            "执行 lika up 或 lika migrate 即建立", "lika up or lika migrate makes them",
        )  # fmt: skip
    if missing:
        return broken(
            "databases", f"缺少数据库 {'、'.join(missing)}", f"missing: {', '.join(missing)}",
            "若曾有数据，请先从备份恢复；否则执行 lika migrate",
            "restore them from a backup if they held data; otherwise run lika migrate",
        )  # fmt: skip
    return ok("databases", f"{len(MIGRATIONS)} 个数据库齐全", f"all {len(MIGRATIONS)} databases are there")


def collation(house: Premises, name: str) -> Finding:
    """Page cursors compare text in the database and in Python: both must sort alike."""
    ((encoding, collate),) = house.ask(
        name,
        "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()",
    )
    named = f"{name}.collation"
    if (encoding, collate) not in (("UTF8", "C"), ("UTF8", "POSIX")):
        return broken(
            named, f"编码与排序为 {encoding}、{collate}，应为 UTF8、C", f"{encoding} and {collate} instead of UTF8 and C",
            f"请导出数据，以 TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' 重建 {database_name(name)} 后导入",
            f"dump, create {database_name(name)} anew with TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C', and restore",
        )  # fmt: skip
    return ok(named, "编码 UTF8，排序 C", "encoding UTF8, sorted as C")
