"""Statements and histories as tables for a terminal."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from contracts.civil import SHANGHAI
from services.audit.labels import BASES, FACTS, LINES, STATUSES, both

Answer = Mapping[str, Any]
"""An answer of audit's HTTP interface, decoded."""

TOTALS = frozenset({"opening", "closing"})


def statement_table(answer: Answer) -> Table:
    """Lines down, periods across; households and persons in one cell, so that ten years fit on a screen."""
    where = answer["division"] or "全部 all"
    table = Table(title=f"动态统计表 Statement · {where} · 按 {answer['known_at']} 所知 as known then")
    table.caption = "户 / 人  households / persons"
    table.add_column("项目 line", no_wrap=True)
    for row in answer["rows"]:
        table.add_column(str(row["period"]), justify="right", no_wrap=True)
    for line in LINES:
        pairs = [(row[line]["households"], row[line]["persons"]) for row in answer["rows"]]
        figures = [figure for pair in pairs for figure in pair]
        cells = (f"{households:,} / {persons:,}" for households, persons in pairs)
        table.add_row(both(LINES, line), *cells, style=_style(line, figures))
    return table


def _style(line: str, figures: list[int]) -> str:
    if line == "difference":
        return "bold red" if any(figures) else "dim"
    return "bold" if line in TOTALS else ""


def basis_lines(answer: Answer) -> Iterator[str]:
    """What the figures rest on, and what speaks against trusting them."""
    for head in answer["logs"]:
        closed = _local(head["closed_through"]) if head["closed_through"] else "?"
        yield f"日志 log {head['log']}: {head['position']:,}，已封闭至 closed through {closed}"
    if answer["provisional"]:
        yield "暂定：日志尚可变动 provisional: a log may still receive facts that count"
    if answer["incomplete"]:
        yield f"不完整：{answer['incomplete']} 户待处理 incomplete: households parked"
    if any(figure for row in answer.get("rows", ()) for figure in row["difference"].values()):
        yield "收支不平，请核查差额 the statement does not balance"


def history_heading(answer: Answer) -> Iterator[str]:
    yield f"农户 household {answer['household']} · 按 {answer['known_at']} 所知 as known then"
    day = f"{answer['as_of']} 时 on that day" if answer["as_of"] else "全部事实之后 after all facts"
    state = answer["state"]
    if state is None:
        yield f"{day}：未建档 not on record"
    else:
        status = both(STATUSES, state["status"])
        yield f"{day}：{status}，自 since {state['since']}，{state['division']}，{state['persons']} 人 persons"


def history_table(answer: Answer) -> Table:
    """One fact a row; a void one is struck through and names what annuls it."""
    table = Table(show_lines=True)
    for title in (
        *("生效 effective", "事实 fact", "知悉 learned", "录入 entered by", "决定 decided by", "内容 says"),
        "依据与起因 evidence, cause",
    ):
        table.add_column(title, overflow="fold")
    for event in answer["events"]:
        cells = (
            event["effective_on"][: {"year": 4, "month": 7}.get(event["precision"])],
            "\n".join(filter(None, (FACTS.get(event["type"]), event["type"], event["id"]))),
            _learned(event["learned"]),
            event["entered_by"],
            _decision(event["decision"]),
            "\n".join(_says(event["fields"])),
            "\n".join(_rests_on(event)),
        )
        style = "strike dim" if event["annulled_by"] else ""
        # Text: what people typed is never taken for markup.
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table


def unread_lines(answer: Answer) -> Iterator[str]:
    for entry in answer["unread"]:
        yield f"未能识别 not understood: {entry['id']} {entry['type']} {_local(entry['recorded_at'])}"


def _says(fields: Answer) -> Iterator[str]:
    """What was answered, a line each; parts (members) on lines of their own."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield f"{name}: {', '.join(_says(value))}"
        elif isinstance(value, list):
            yield from (line for part in value for line in _says({name: part}))
        elif value is not None:
            yield f"{name}: {value}"


def _local(instant: str) -> str:
    """People read Shanghai's time."""
    return f"{datetime.fromisoformat(instant).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _learned(learned: Answer) -> str:
    asserted = learned["source_recorded_on"]
    lines = [both(BASES, learned["basis"]), *([asserted] if asserted else []), _local(learned["recorded_at"])]
    return "\n".join(lines)


def _decision(decision: Answer | None) -> str:
    return "" if decision is None else "\n".join(str(value) for value in decision.values())


def _rests_on(event: Answer) -> Iterator[str]:
    for evidence in event["evidence"]:
        yield f"{evidence['kind']} {evidence['name']}"
    if event["caused_by"]:
        yield f"起因 caused by {event['caused_by']}"
    for annulled in event["annuls"]:
        yield f"作废 annuls {annulled}"
    if event["annulled_by"]:
        yield f"已作废 void by {event['annulled_by']}"
