"""The households of an area on a day, as known now, read on one snapshot; and the file of them once they may be opened."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TypeVar
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from services.casework.documents.reading import Documents
from services.casework.exports.rules import EXPORT_TOO_LARGE
from services.casework.workbooks.writing.workbook_writer import write_form
from services.chassis.ground.refusals import Refused
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.data_keys import DataKeys
from services.registry.cases.monitoring_kinds import KIND, kinds_from
from services.registry.households.bitemporal import UNTIL_CHANGED
from services.registry.households.domain import stream_of
from services.registry.households.lineage import household_timeline
from services.registry.households.lists import NIL_ID, HouseholdFilter, HouseholdListItem, household_page
from services.registry.households.rehydration import current_state_without_surveys, state_on
from services.registry.households.state import Household
from services.registry.households.store import relatives_in
from services.registry.intake.form import form_in_force
from services.registry.intake.importing.decryption import decrypted
from services.registry.intake.layout import NATIONAL
from services.registry.messages import say
from services.registry.national_register.lines import PLACES, HouseholdOfDay, Line, lines_of

T = TypeVar("T")
PORTION = 500
"""Households read, and opened, at once."""
NOT_LISTED = frozenset({PovertyStatus.REMOVED, PovertyStatus.CANCELLED})
"""Of no list of households any more."""
CODE_LENGTHS = (2, 4, 6, 9, 12)
NAMES = b"""
SELECT DISTINCT ON (code) code, name FROM division_names WHERE code = ANY(%(codes)s)
    AND valid_from <= %(day)s AND valid_to > %(day)s ORDER BY code, valid_from DESC
"""
"""What a division was called on a day; other spellings hold since ever, and come last."""


@dataclass(frozen=True, slots=True)
class RegisterOfDay:
    """``households``: sealed, by id, in the order of their villages. ``unnumbered`` have no number that the layout could name;
    ``elsewhere``: those that stood in the area on the day, and lie outside it today."""

    day: date
    area: str
    households: Mapping[UUID, HouseholdOfDay]
    unnumbered: int
    elsewhere: int


class NationalRegister:
    """Blocking."""

    def __init__(self, store: Store, data_keys: DataKeys, documents: Documents) -> None:
        self._store, self._data_keys, self._documents = store, data_keys, documents

    def on(self, area: str, day: date, actor: Actor, most: int) -> RegisterOfDay:
        """The households of an area within the actor's. Raises ``Refused`` where there are more than ``most``."""

        def look(tx: Tx) -> RegisterOfDay:
            found: dict[UUID, HouseholdOfDay] = {}
            unnumbered = elsewhere = 0
            kinds = self._kinds(day, area)
            for portion in in_portions(listed(tx.cur.connection, area, day)):
                numbered = [each.household_id for each in portion if each.national_no is not None]
                unnumbered += len(portion) - len(numbered)
                if len(found) + len(numbered) > most:
                    raise Refused(EXPORT_TOO_LARGE, limit=most)
                for household, each in households_on(tx, numbered, day):
                    if actor.covers(each.today):
                        found[household] = self._named(each.of_day, kinds)
                    else:
                        elsewhere += 1
            places = names_of({each.household.division for each in found.values()}, day, tx.cur.connection)
            named = {h: replace(each, places=places[each.household.division]) for h, each in found.items()}
            return RegisterOfDay(day, area, named, unnumbered, elsewhere)

        with self._store.snapshot():
            return self._store.on_snapshot(look)

    def file(self, register: RegisterOfDay, today: date) -> bytes:
        """The workbook, with every value in plain: whoever asks has had the reading recorded."""
        form = form_in_force(self._documents.current(), today, register.area, NATIONAL)
        rows: dict[str, list[Line]] = {sheet.key: [] for sheet in form.layout.sheets}
        for portion in in_portions(register.households.values()):
            plain = decrypted(self._data_keys, [each.household for each in portion])
            for each, household in zip(portion, plain, strict=True):
                for sheet, lines in lines_of(form, replace(each, household=household), register.day).items():
                    rows[sheet] += lines
        persons = sum(each.household.persons for each in register.households.values())
        figures = {
            "households": len(register.households),
            "persons": persons,
            "day": register.day,
            "area": register.area,
        }
        left_out = {"unnumbered": register.unnumbered, "elsewhere": register.elsewhere}
        told = (say("national_export_figures", **figures), say("national_export_left_out", **left_out))
        return write_form(form, rows, last_row=max(map(len, rows.values())) + 1, told=told)

    def _kinds(self, day: date, area: str) -> Mapping[str, str]:
        """Code of a kind of monitored object → what the documents in force call it."""
        editions = self._documents.current().all_in_force(KIND, day, area)
        return {kind.code: kind.zh for each in editions for kind in each.typed(kinds_from).kinds}

    @staticmethod
    def _named(each: HouseholdOfDay, kinds: Mapping[str, str]) -> HouseholdOfDay:
        monitoring = each.household.monitoring
        if monitoring is None or monitoring.status is not MonitoringStatus.MONITORED:
            return each
        return replace(each, monitored_kind=kinds.get(monitoring.kind, monitoring.kind))


def in_portions(all_of_them: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(all_of_them)
    while portion := list(islice(rest, PORTION)):
        yield portion


def listed(conn: Connection, area: str, day: date) -> Iterator[HouseholdListItem]:
    """What a list of the area has on that day, as known now."""
    asked, after = HouseholdFilter(division=area, as_of=day, known_at=UNTIL_CHANGED), ("", NIL_ID)
    while page := household_page(conn, asked, after, PORTION):
        yield from (each for each in page if each.status not in NOT_LISTED)
        after = page[-1].division, page[-1].household_id


@dataclass(frozen=True, slots=True)
class Placed:
    """``today``: where the household lies now."""

    of_day: HouseholdOfDay
    today: str


def households_on(tx: Tx, households: Sequence[UUID], day: date) -> Iterator[tuple[UUID, Placed]]:
    """Each as it stood on the day, sealed."""
    relatives = relatives_in(tx)
    facts: Mapping[str, tuple[Recorded, ...]] = tx.load_many(map(stream_of, households))
    for household in households:
        known = facts[stream_of(household)]
        of_day = HouseholdOfDay(state_on(known, relatives, as_of=day), household_timeline(known, relatives, as_of=day))
        if of_day.household.status is not None:
            yield household, Placed(of_day, current_state_without_surveys(known, relatives).division)


def names_of(villages: Collection[str], day: date, conn: Connection) -> Mapping[str, Mapping[str, str]]:
    """Village → names of the divisions that it lies in, by column, of those that are declared."""
    codes = {village: [village[:length] for length in CODE_LENGTHS] for village in villages}
    wanted = list({code for of_village in codes.values() for code in of_village})
    names: dict[str, str] = dict(conn.execute(NAMES, {"codes": wanted, "day": day}).fetchall())
    return {
        village: {column: names[code] for column, code in zip(PLACES, of_village, strict=True) if code in names}
        for village, of_village in codes.items()
    }


def as_households(register: RegisterOfDay) -> Mapping[UUID, Household]:
    return {household: each.household for household, each in register.households.items()}
