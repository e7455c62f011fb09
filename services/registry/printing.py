"""How an import is shown at the terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table

COUNTS = {
    "households_seen": "户 / households",
    "members_seen": "人 / members",
    "recorded": "新建 / recorded",
    "updated": "更新 / updated",
    "unchanged": "不变 / unchanged",
    "refused": "拒绝 / refused",
}
LONGEST = 50
"""Lines of errors shown per file; all of them stand in the annotated workbook and in ``--json``."""

Told = Mapping[str, Any]


def counts_table(answers: Sequence[tuple[str, Told]]) -> Table:
    """One line per file, and a sum."""
    table = Table(title="导入结果 / import")
    table.add_column("文件 / file", overflow="fold")
    for heading in COUNTS.values():
        table.add_column(heading, justify="right")
    for name, told in answers:
        table.add_row(name, *(str(told[key]) for key in COUNTS))
    if len(answers) > 1:
        sums = [str(sum(told[key] for _, told in answers)) for key in COUNTS]
        table.add_section()
        table.add_row("合计 / total", *sums)
    return table


def errors_table(name: str, errors: Sequence[Told]) -> Table:
    """What was wrong where, in both languages."""
    more = len(errors) - LONGEST
    rest = f"另有 {more} 处，见批注工作簿 / {more} more in the annotated workbook" if more > 0 else None
    table = Table(title=f"{name}：{len(errors)} 处错误 / errors", caption=rest, show_lines=True)
    table.add_column("位置 / where", no_wrap=True)
    table.add_column("列 / column", overflow="fold")
    table.add_column("错误 / error", overflow="fold")
    for error in errors[:LONGEST]:
        table.add_row(f"{error['sheet']} {error['row']}", error["column"], f"{error['zh']}\n{error['en']}")
    return table


def warning_lines(warnings: Iterable[Told]) -> list[str]:
    """Each kind of note once, with how often it was met."""
    kinds: dict[tuple[str, str], int] = {}
    for warning in warnings:
        kind = warning["zh"], warning["en"]
        kinds[kind] = kinds.get(kind, 0) + 1
    return [f"{zh} {en} (×{times})" for (zh, en), times in kinds.items()]
