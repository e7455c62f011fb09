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
    """One fact a block, the day it became true beside it; a void one is struck through and names what annuls it."""
    table = Table(show_lines=True, show_header=False)
    table.add_column("生效 effective", no_wrap=True)
    table.add_column("事实 fact", overflow="fold")
    for event in answer["events"]:
        day = event["effective_on"][: {"year": 4, "month": 7}.get(event["precision"])]
        style = "strike dim" if event["annulled_by"] else ""
        # Text: what people typed is never taken for markup.
        table.add_row(Text(day, style=style), Text("\n".join(_block(event)), style=style))
    return table


def _block(event: Answer) -> Iterator[str]:
    """What became true, who says so and since when we know it, what it says, what it rests on."""
    yield " ".join(filter(None, (FACTS.get(event["type"]), event["type"])))
    yield f"知悉 learned: {_learned(event['learned'])} · 录入 entered by: {event['entered_by']}"
    if event["decision"]:
        yield f"决定 decided by: {' · '.join(str(value) for value in event['decision'].values())}"
    if said := " · ".join(_says(event["fields"])):
        yield said
    yield from _rests_on(event)
    yield event["id"]


def unread_lines(answer: Answer) -> Iterator[str]:
    for entry in answer["unread"]:
        yield f"未能识别 not understood: {entry['id']} {entry['type']} {_local(entry['recorded_at'])}"


def _says(fields: Answer) -> Iterator[str]:
    """What was answered; of a list of parts (members) their number, for each has facts enough to fill a page."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield f"{name}: {', '.join(_says(value))}"
        elif isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
            yield f"{name}: {len(value)}"
        elif isinstance(value, list):
            if value:
                yield f"{name}: {', '.join(map(str, value))}"
        elif value is not None:
            yield f"{name}: {value}"


def _local(instant: str) -> str:
    """People read Shanghai's time."""
    return f"{datetime.fromisoformat(instant).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _learned(learned: Answer) -> str:
    asserted = learned["source_recorded_on"]
    return " ".join((both(BASES, learned["basis"]), *([asserted] if asserted else []), _local(learned["recorded_at"])))


def _rests_on(event: Answer) -> Iterator[str]:
    for evidence in event["evidence"]:
        yield f"{evidence['kind']} {evidence['name']}"
    if event["caused_by"]:
        yield f"起因 caused by {event['caused_by']}"
    for annulled in event["annuls"]:
        yield f"作废 annuls {annulled}"
    if event["annulled_by"]:
        yield f"已作废 void by {event['annulled_by']}"
