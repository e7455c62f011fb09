"""A log: nothing missing in it, its times in order with the clock, and its closed instant following."""

from datetime import datetime, timedelta

from lika.operations.checks.sampling import counted
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Premises
from services.chassis.log.session import APPEND_LOCK

NEWEST = """
SELECT greatest(closed_through, (SELECT recorded_at FROM log ORDER BY notification_id DESC LIMIT 1)) FROM closing
"""

HOLDERS = """
SELECT pid, extract(epoch FROM clock_timestamp() - xact_start)::int FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = %s AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND xact_start IS NOT NULL
"""

AHEAD = timedelta(seconds=2)
FAR_AHEAD = timedelta(hours=1)
"""Beyond this, deadlines and days of knowledge are plainly wrong."""

STALE = timedelta(seconds=60)


def gapless(house: Premises, name: str) -> Finding:
    """Positions are unique, so a log whose entries are as many as its last position says has lost none."""
    named = f"{name}.log_gapless"
    ((lowest, highest),) = house.ask(name, "SELECT min(notification_id), max(notification_id) FROM log")
    if highest is None:
        return ok(named, "日志为空", "the log is empty")
    looked, found = counted(house, name, "log WHERE true", highest)
    if lowest != 1 or looked != found:
        return broken(
            named, f"日志有缺口：核对 {looked:,} 个位置，缺 {looked - found:,} 个",
            f"the log has gaps: of {looked:,} positions looked for, {looked - found:,} are missing",
            "请停止写入，从备份恢复，或与审计副本（audit 的 copies 表）比对后补回",
            "stop writing; restore a backup, or compare with audit's copy of this log (its table copies)",
        )  # fmt: skip
    if looked < highest:
        return ok(
            named, f"末位 {highest:,}；抽查 {looked:,} 个位置，无缺口（--thorough 逐一清点）",
            f"{highest:,} entries; {looked:,} positions sampled, none missing (--thorough counts them all)",
        )  # fmt: skip
    return ok(named, f"{highest:,} 条，逐一清点无缺口", f"{highest:,} entries, all counted, none missing")


def clock(house: Premises, name: str) -> Finding:
    """A clock that jumped back: what is recorded meanwhile follows the last fact by a microsecond each."""
    named = f"{name}.clock"
    if house.simulated(name):
        return ok(
            named, f"模拟时钟，停在 {house.instant(name):%Y-%m-%d %H:%M} UTC",
            f"a simulated clock that stands at {house.instant(name):%Y-%m-%d %H:%M} UTC",
        )  # fmt: skip
    ahead = _newest(house, name) - house.clock.now()
    if ahead > AHEAD:
        tell = broken if ahead > FAR_AHEAD else warning
        seconds = int(ahead.total_seconds())
        return tell(
            named, f"日志比本机时钟快 {seconds:,} 秒：时钟被拨回过", f"the log is {seconds:,} s ahead of this clock, which jumped back",
            "请用 NTP 校准本机时钟（timedatectl）；追上之前记录的事实紧跟在最后一条之后，不会丢失",
            "set the clock right by NTP (timedatectl); until it has caught up, facts follow the last one closely, none is lost",
        )  # fmt: skip
    return ok(named, "时钟不落后于日志", "the clock is not behind the log")


def closed(house: Premises, name: str) -> Finding:
    """An idle log's closed instant follows the clock each second; where it stands, answers stay provisional."""
    named = f"{name}.closed_through"
    if house.simulated(name):
        return ok(named, "随模拟时钟封闭", "closed with the simulated clock")
    newest = _newest(house, name)
    age = house.clock.now() - newest
    zh, en = f"已封闭至 {newest:%Y-%m-%d %H:%M:%S} UTC", f"closed through {newest:%Y-%m-%d %H:%M:%S} UTC"
    if not house.runs or age <= STALE:
        return ok(named, zh, en)
    seconds = int(age.total_seconds())
    holders = house.ask(name, HOLDERS, APPEND_LOCK)
    zh, en = f"{zh}，已 {seconds:,} 秒未前移", f"{en}, which is {seconds:,} s ago"
    if holders:
        pid, since = holders[0]
        return warning(
            named, f"{zh}；追加锁被数据库进程 {pid} 占用 {since} 秒", f"{en}; the append lock is held by backend {pid} for {since} s",
            f"写入正在等待它。查明后可执行 SELECT pg_terminate_backend({pid})",
            f"writers wait for it; once you know what it is, SELECT pg_terminate_backend({pid})",
        )  # fmt: skip
    return warning(
        named, zh, en, "该服务的期限线程可能已停，请查看日志后重启 lika up",
        "the service's deadline thread may have ended: look at the log, then restart lika up",
    )  # fmt: skip


def _newest(house: Premises, name: str) -> datetime:
    ((newest,),) = house.ask(name, NEWEST)
    assert isinstance(newest, datetime)
    return newest
