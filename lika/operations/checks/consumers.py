"""Consumers: where they stand, whether they move, what they parked, and whether audit's copy is whole."""

from collections.abc import Mapping

from lika.operations.checks.sampling import counted, stands_still
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Premises
from services.chassis.following.parking import BEHIND_PARKED

READS: Mapping[str, tuple[str, ...]] = {
    "registry": (),
    "assistance": ("registry",),
    "monitoring": ("registry",),
    "audit": ("registry", "assistance", "monitoring"),
}
"""Which other logs each service reads; each reads its own, too."""

KEEPS_ALL = frozenset({"audit"})
"""Who copies every entry of the logs it reads."""


def cursor(house: Premises, name: str, log: str) -> int:
    """Position up to which the service's effects reflect a log."""
    rows = house.ask(name, "SELECT position FROM cursors WHERE consumer = %s AND log = %s", name, log)
    return int(rows[0][0]) if rows else 0


def head(house: Premises, log: str) -> int:
    ((position,),) = house.ask(log, "SELECT coalesce(max(notification_id), 0) FROM log")
    return int(position)


def consumers(house: Premises, name: str) -> Finding:
    named = f"{name}.consumers"
    behind: list[tuple[str, int, int]] = []
    for log in (name, *READS[name]):
        # The cursor first: it never exceeds a head that is read after it.
        at, end = cursor(house, name, log), head(house, log)
        if at > end:
            return broken(
                named, f"读到 {log} 的第 {at:,} 条，而该日志只到 {end:,}", f"has read {log} up to {at:,}, but that log ends at {end:,}",
                f"{log} 的数据库可能是用旧备份恢复的：请恢复同一时刻的全部数据库，或对 {name} 执行 lika rebuild {name} --all",
                f"{log} was probably restored from an older backup: restore all databases as of one moment",
            )  # fmt: skip
        if at < end:
            behind.append((log, at, end))
    if not behind:
        return ok(named, "均已读到日志末尾", "all at the end of their logs")
    zh = "；".join(f"{log} 落后 {end - at:,} 条" for log, at, end in behind)
    en = "; ".join(f"{end - at:,} behind {log}" for log, at, end in behind)
    if not house.runs:
        return ok(named, f"{zh}（服务未运行，启动后继续）", f"{en} (not running; goes on when started)")
    stuck = [(log, at) for log, at, _ in behind if stands_still(lambda log=log: cursor(house, name, log))]  # type: ignore[misc]
    if not stuck:
        return ok(named, f"{zh}，正在追赶", f"{en}, catching up")
    log, at = stuck[0]
    kind = house.ask(log, "SELECT topic FROM log WHERE notification_id = %s", at + 1)
    topic = kind[0][0] if kind else "?"
    return broken(
        named, f"{zh}；停在 {log} 的第 {at:,} 条之后（{topic}）", f"{en}; stands before entry {at + 1:,} of {log} ({topic})",
        "请查看日志中的 consumer_stopped 或 consumer_failing：类型未知时请安装写下它的版本；其他错误修复后重启",
        "look for consumer_stopped or consumer_failing in the log: a type that is unknown needs the release that wrote "
        "it; after any other defect is mended, restart",
    )  # fmt: skip


def parked(house: Premises, name: str) -> Finding:
    named = f"{name}.parked"
    rows = house.ask(
        name,
        "SELECT log, count(DISTINCT subject), count(*), min(position),"
        " string_agg(DISTINCT error, ', ') FILTER (WHERE error <> %s) FROM parked GROUP BY log ORDER BY log",
        BEHIND_PARKED,
    )
    if not rows:
        return ok(named, "没有搁置的农户", "no household is parked")
    zh = "；".join(
        f"{log}：{subjects} 户 {entries} 条，首条 {first}（{why}）" for log, subjects, entries, first, why in rows
    )
    en = "; ".join(
        f"{log}: {subjects} households, {entries} entries from {first} ({why})"
        for log, subjects, entries, first, why in rows
    )
    return warning(
        named, f"有搁置的农户，其后续事实未生效。{zh}", f"households are parked, later facts of theirs have no effect. {en}",
        f"lika parked --service {name} 列出；修复缺陷后执行 lika parked release {name}",
        f"lika parked --service {name} lists them; once the defect is mended, lika parked release {name}",
    )  # fmt: skip


def copies(house: Premises, name: str) -> Finding:
    """Whether a service of ``KEEPS_ALL`` has every entry of the logs it reads, up to where it has read."""
    named = f"{name}.copies"
    total = 0
    for log in READS[name]:
        at = cursor(house, name, log)
        looked, found = counted(house, name, "copies WHERE log = %s", at, log)
        if looked != found:
            return broken(
                named, f"{log} 的副本不全：核对 {looked:,} 个位置，缺 {looked - found:,} 个",
                f"the copy of {log} is not whole: of {looked:,} positions looked for, {looked - found:,} are missing",
                f"请从备份恢复 {name}，或停止服务后删去其数据库重新读取全部日志",
                f"restore {name} from a backup, or stop, drop its database and let it read every log again",
            )  # fmt: skip
        total += looked
    return ok(named, f"副本完整（核对 {total:,} 条）", f"the copies are whole ({total:,} looked for)")
