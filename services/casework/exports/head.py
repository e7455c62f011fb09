"""What stands above a table: which list it is, what was asked for, as of when, as known when, and who took it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.civil import SHANGHAI, civil_day
from services.casework.exports.columns import Language
from services.casework.messages import say
from services.chassis.ground.labels import LABELS, Label
from services.chassis.log.snapshot import Snapshot
from services.chassis.web.position_tokens import format_positions

ASKED_APART = ("as_of", "known_at")
"""Parameters that have a place of their own in the head."""


@dataclass(frozen=True, slots=True)
class Head:
    """``positions``: how far the logs went that the list rests on; ``area``: of the account; ``simulated``: its clock."""

    list: Label
    operation: str
    asked: Mapping[str, str]
    snapshot: datetime
    positions: Mapping[str, int]
    account: str
    area: str
    simulated: bool

    @property
    def as_of(self) -> str:
        return self.asked.get("as_of", civil_day(self.snapshot).isoformat())

    def cells(self, language: Language) -> Sequence[str]:
        """One line, each part in a cell of its own."""
        filters = [
            _with_value(self._parameter(name), value) for name, value in self.asked.items() if name not in ASKED_APART
        ]
        at = self.snapshot.astimezone(SHANGHAI).isoformat(timespec="seconds")
        parts = (
            say("export_filters", filters=filters or [say("export_no_filter")]),
            say("export_as_of", day=self.as_of),
            say("export_known_at", instant=self.asked.get("known_at", at)),
            say("export_positions", positions=format_positions(self.positions)),
            say("export_by", account=self.account, area=self.area or say("export_everywhere")),
            say("export_at_simulated", instant=at) if self.simulated else say("export_at", instant=at),
        )
        return language.write(self.list), *(language.write(part) for part in parts)

    def _parameter(self, name: str) -> Label:
        return LABELS.fields.get(LABELS.field_key(name, self.operation), Label(name, name))


def end_line(items: int, language: Language) -> str:
    """Of a whole file: whoever finds it missing has only a part."""
    return language.write(say("export_end", count=items))


def positions_in(snapshot: Snapshot, service: str) -> dict[str, int]:
    """How far the answers of a service reflect each log."""
    found = snapshot.connection.execute(
        "SELECT %s, coalesce(max(notification_id), 0) FROM log UNION ALL"
        " SELECT log, position FROM cursors WHERE consumer = %s AND log <> %s",
        (service, service, service),
    ).fetchall()
    return dict(found)


def file_name(title: str, asked: Mapping[str, str], as_of: str, extension: str) -> str:
    """Without what somebody typed, but for codes."""
    division = asked.get("division", "")
    parts = (title, division if division.isdecimal() else "", date.fromisoformat(as_of).isoformat())
    return "-".join(filter(None, parts)) + f".{extension}"


def _with_value(name: Label, value: str) -> Label:
    return Label(f"{name.zh}={value}", f"{name.en}={value}")
