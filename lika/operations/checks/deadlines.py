"""Deadlines: whether what is due fires."""

from lika.operations.checks.sampling import stands_still
from lika.operations.finding import Finding, ok, warning
from lika.operations.installation import Premises

DUE = """
SELECT kind, count(*), min(due_at) FROM timers WHERE done_at IS NULL AND due_at <= %s GROUP BY kind ORDER BY kind
"""


def deadlines(house: Premises, name: str) -> Finding:
    named = f"{name}.deadlines"
    until = house.instant(name)
    due = house.ask(name, DUE, until)
    if not due:
        return ok(named, "没有过期未触发的期限", "no deadline is overdue")
    zh = "；".join(f"{kind} {count} 个，最早 {first:%Y-%m-%d}" for kind, count, first in due)
    en = "; ".join(f"{count} of {kind}, the first of {first:%Y-%m-%d}" for kind, count, first in due)
    if not house.runs:
        return ok(named, f"待触发：{zh}（服务未运行，启动后触发）", f"due: {en} (not running; they fire when started)")
    if not stands_still(lambda: house.ask(name, DUE, until)):
        return ok(named, f"正在触发：{zh}", f"firing: {en}")
    return warning(
        named, f"期限已过而未触发：{zh}", f"overdue and not fired: {en}",
        "请查看日志中的 timer_failed；修复后约一分钟内自动重试",
        "look for timer_failed in the log; once mended they are tried again within a minute",
    )  # fmt: skip
