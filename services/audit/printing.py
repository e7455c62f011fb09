"""Statements and histories as tables for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from rich.table import Table
from rich.text import Text

from contracts.civil import SHANGHAI
from contracts.publishing.catalogue import load
from contracts.publishing.shape import enumerations
from contracts.publishing.shape import fields as fields_of
from contracts.registry.access import Purpose
from contracts.registry.opening_balances import KeptIn
from contracts.registry.poverty_status import PovertyStatus
from services.audit.histories.domain import TimeBasis
from services.audit.messages import say
from services.audit.readings.domain import ReadingKind
from services.audit.statements.domain import OUTGOING, STOCKS, Line, StockOf
from services.chassis.ground.labels import LABELS, written

Answer = Mapping[str, Any]
"""An answer of audit's HTTP interface, decoded."""

ROWS = {StockOf.POVERTY: "StatementRowAnswer", StockOf.MONITORING: "MonitoringRowAnswer"}
"""Stock → what a row of its statement is called where it is labelled."""
INCOMING = frozenset(line for stock in STOCKS.values() for line in stock.lines) - OUTGOING
TOTALS = frozenset({"opening", "closing"})
PRECISE_LENGTH = {"year": len("2016"), "month": len("2016-12")}
"""How much of an ISO date is known at a precision coarser than the day."""


def statement_table(answer: Answer, stock: StockOf = StockOf.POVERTY) -> Table:
    """Lines down, periods across; households and persons in one cell, so that ten years fit on a screen. ``stock``: of which it is
    the statement."""
    division = answer["division"] or say("all_divisions").line
    table = Table(title=str(say("statement_title", division=division, known_at=answer["known_at"])))
    table.caption = str(say("statement_caption"))
    table.add_column(
        str(LABELS.code_list(STOCKS[stock].line).title), overflow="fold"
    )  # gives way, so that no figure is cut
    for row in answer["rows"]:
        table.add_column(str(row["period"]), justify="right", no_wrap=True)
    for line in ("opening", *STOCKS[stock].lines, "closing", "difference"):
        pairs = [(row[line]["households"], row[line]["persons"]) for row in answer["rows"]]
        figures = [figure for pair in pairs for figure in pair]
        cells = (f"{households:,} / {persons:,}" for households, persons in pairs)
        table.add_row(_line(line, ROWS[stock]), *cells, style=_style(line, figures))
    return table


def _line(line: str, owner: str) -> str:
    sign = "±" if line == Line.SIZE_CHANGE else "－" if line in OUTGOING else "＋" if line in INCOMING else ""
    return f"{sign}{LABELS.field(line, owner)}"


def _field(name: str, owner: str = "") -> str:
    """The label of a field; its name where a fact of a later release has one that this release does not know."""
    label = LABELS.fields.get(LABELS.field_key(name, owner))
    return str(label) if label else name


def _style(line: str, figures: list[int]) -> str:
    if line == "difference":
        return "bold red" if any(figures) else "dim"
    return "bold" if line in TOTALS else ""


def openings_table(answer: Answer) -> Iterator[Table]:
    """What an older system asserted of opening days, each difference a row of its own; nothing where no county was cut over."""
    if not answer["asserted_openings"]:
        return
    table = Table(title=say("asserted_openings").line)
    names = ("county", "opening_on", "kept_in", "source_recorded_on", "asserted", "held", "difference")
    for name in names:
        table.add_column(_field(name, "AssertedOpeningAnswer"), overflow="fold")
    for each in answer["asserted_openings"]:
        pairs = [f"{each[name]['households']:,} / {each[name]['persons']:,}" for name in names[4:]]
        style = "bold red" if any(each["difference"].values()) else ""
        kept_in = LABELS.code(KeptIn(each["kept_in"])).line
        table.add_row(each["county"], each["opening_on"], kept_in, each["source_recorded_on"], *pairs, style=style)
    yield table


def provenance_lines(answer: Answer) -> Iterator[str]:
    """What the figures were computed from, and what speaks against trusting them."""
    for head in answer["logs"]:
        closed = _shanghai_time(head["closed_through"]) if head["closed_through"] else "?"
        end = "?" if head["head"] is None else f"{head['head']:,}"
        yield say("log_head", log=head["log"], position=head["position"], head=end, closed_through=closed).line
    if answer["provisional"]:
        yield say("provisional").line
    if answer["incomplete"]:
        yield say("incomplete", households=answer["incomplete"]).line
    if any(figure for row in answer.get("rows", ()) for figure in row["difference"].values()):
        yield say("statement_unbalanced").line


def history_heading(answer: Answer) -> Iterator[str]:
    yield str(say("history_title", household=answer["household"], known_at=answer["known_at"]))
    day = answer["as_of"] or say("after_all_facts").line
    state = answer["state"]
    if state is None:
        yield str(say("household_not_on_record", day=day))
    else:
        status = LABELS.code(PovertyStatus(state["status"]))
        since, division, persons = state["since"], state["division"], state["persons"]
        yield str(say("household_state", day=day, status=status, since=since, division=division, persons=persons))


def history_table(answer: Answer) -> Table:
    """One fact a row, its effective day beside it; an annulled one is struck through and names what annuls it."""
    table = Table(show_lines=True, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for event in answer["events"]:
        day = event["effective_on"][: PRECISE_LENGTH.get(event["precision"])]
        style = "strike dim" if event["annulled_by"] else ""
        # Text: what people typed is never taken for markup.
        table.add_row(Text(day, style=style), Text("\n".join(_event_lines(event)), style=style))
    return table


def _event_lines(event: Answer) -> Iterator[str]:
    """What the fact is, when it was learned, who entered and decided it, its own fields, and the facts it refers to."""
    name = LABELS.facts.get(event["type"])
    yield f"{name.zh} {event['type']}" if name else event["type"]
    entered_by = f"{_field('entered_by')}: {event['entered_by']}{''.join(_posts(event))}"
    yield f"{_field('learned')}: {_learned(event['learned'])} · {entered_by}"
    if event["decision"]:
        decision = " · ".join(str(value) for value in event["decision"].values())
        yield f"{_field('decision')}: {decision}"
    if fields := " · ".join(_fields(event["fields"], event["type"])):
        yield fields
    yield from _references(event)
    yield event["id"]


def _posts(event: Answer) -> Iterator[str]:
    """The posts held by whoever entered it, behind the account."""
    for post in event["entered_by_posts"]:
        standing_in = f" ({_field('standing_in')})" if post["standing_in"] else ""
        yield f" · {post['title']} {post['division']}{standing_in}"


def origin_lines(answer: Answer) -> Iterator[str]:
    """Whom the household came from, its parent first."""
    for origin in answer["came_from"]:
        yield f"{_field('came_from')}: {origin['household']} {origin['formed_on']} {origin['formed_by']}"


def undecoded_lines(answer: Answer) -> Iterator[str]:
    for entry in answer["unread"]:
        recorded_at = _shanghai_time(entry["recorded_at"])
        yield f"{_field('unread')}: {entry['id']} {entry['type']} {recorded_at}"


def _fields(fields: Answer, owner: str) -> Iterator[str]:
    """Names and values; of a list of parts (members) their number, for each has facts enough to fill a page."""
    codes = _codes_of(owner)
    for field, value in fields.items():
        name, labels = _field(field, owner), codes.get(field, {})
        if isinstance(value, Mapping):
            yield f"{name}: {', '.join(_fields(value, owner))}"
        elif isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
            yield f"{name}: {len(value)}"
        elif value not in (None, []):
            values = value if isinstance(value, list) else [value]
            yield f"{name}: {', '.join(labels.get(str(each), str(each)) for each in values)}"


@cache
def _codes_of(fact: str) -> Mapping[str, Mapping[str, str]]:
    """Field → code → what people call it, for the fields of a fact that hold codes. Nothing for a fact of a later release."""
    kinds = [kind for (name, _), kind in load().items() if name == fact]
    hints = fields_of(kinds[-1]).items() if kinds else ()
    enums = {field: each for field, hint in hints for each in enumerations(hint)}
    return {field: {written(code): str(LABELS.code(code)) for code in kind} for field, kind in enums.items()}


def _shanghai_time(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _learned(learned: Answer) -> str:
    asserted = learned["source_recorded_on"]
    basis = LABELS.code(TimeBasis(learned["basis"]))
    return " ".join((str(basis), *([asserted] if asserted else []), _shanghai_time(learned["recorded_at"])))


def _references(event: Answer) -> Iterator[str]:
    for evidence in event["evidence"]:
        kept = evidence["file"]["id"] if evidence["file"] else evidence["archive_no"] or _field("held_on_paper")
        kind = LABELS.codes["EvidenceKind"].codes.get(evidence["kind"], evidence["kind"])
        yield f"{kind} {kept}"
    if event["caused_by"]:
        yield f"{_field('caused_by')} {event['caused_by']}"
    for annulled in event["annuls"]:
        yield f"{_field('annuls')} {annulled}"
    if event["annulled_by"]:
        yield f"{_field('annulled_by')} {event['annulled_by']}"


def readings_table(found: Sequence[Answer]) -> Table:
    """One reading a line, oldest first: when, by whom, what for, and what."""
    table = Table()
    for name in ("read_at", "account", "purpose", "what"):
        table.add_column(LABELS.field(name, "ReadingAnswer").line, overflow="fold")
    for each in found:
        at = datetime.fromisoformat(each["read_at"]).astimezone(SHANGHAI)
        by = " ".join((each["account"], *each["posts"]))
        purpose = LABELS.code(Purpose(each["purpose"])).line if each["purpose"] else ""
        basis = " ".join(filter(None, (purpose, each["order_no"], *each["matters"])))
        what = " ".join((LABELS.code(ReadingKind(each["kind"])).zh, *each["what"]))
        table.add_row(f"{at:%Y-%m-%d %H:%M}", by, basis, what)
    return table
