"""A made-up service whose teachers help pupils: what a new way of being obliged costs, beside the documents that say what is
owed by it. Streams ``help-<pupil>``."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from contracts.accounts import SYSTEM_ACTOR
from contracts.civil import civil_day
from contracts.facts import Fact, Recorded, published
from contracts.selection import known, timeline
from services.casework.calendars.kinds import CALENDAR_KINDS
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.documents.first_texts import adoption_facts
from services.casework.documents.kinds import DocumentKinds, checked, proposal_of
from services.casework.documents.reading import Documents
from services.casework.duties import document
from services.casework.duties import view as duty_view
from services.casework.duties.history import Fulfilment, History, Obligation
from services.casework.duties.matters import DutyMatters, DutySetReader
from services.casework.duties.repository import DutySetRepository
from services.casework.duties.store import Duties
from services.casework.inbox.entries import Act
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

TEACHING = "teacher_of_pupil"
VILLAGE = "990101001001"
AREAS = f"SELECT DISTINCT subject, '{VILLAGE}' AS division FROM test_obligations"
TABLES = """
CREATE TABLE service.test_obligations (subject uuid, obliged text, since date, begins date, until date);
CREATE INDEX ON test_obligations (subject);
CREATE INDEX ON test_obligations (begins);
CREATE TABLE service.test_fulfilments (subject uuid, kind text, by text, day date, last date, fields text[], whom uuid);
CREATE INDEX ON test_fulfilments (subject);
"""


@published("TestHelpBegan")
class HelpBegan(Fact, frozen=True, kw_only=True):
    pupil: UUID
    teacher: str
    place: str = VILLAGE


@published("TestHelpEnded")
class HelpEnded(Fact, frozen=True, kw_only=True):
    pupil: UUID
    teacher: str


@published("TestHelpGiven")
class HelpGiven(Fact, frozen=True, kw_only=True):
    """``kind``: a talk, a visit; ``with_whom``: who else was there."""

    pupil: UUID
    kind: str
    by: str
    place: str | None = None
    with_whom: UUID | None = None


@published("TestHelpVoided", rank=99)
class HelpVoided(Fact, frozen=True, kw_only=True):
    pupil: UUID


HELP_TYPES = frozenset(kind.type_name for kind in (HelpBegan, HelpEnded, HelpGiven, HelpVoided))


def stream_of(pupil: UUID) -> str:
    return f"help-{pupil}"


def history_of(facts: Sequence[Recorded]) -> History:
    """``facts``: in order of the timeline."""
    obligations, fulfilments, places = list[Obligation](), list[Fulfilment](), list[tuple[date, str]]()
    for recorded in facts:
        fact, day = recorded.fact, recorded.fact.effective_on
        match fact:
            case HelpBegan():
                begins = max(day, civil_day(recorded.recorded_at))
                obligations.append(Obligation(fact.teacher, day, begins, None, recorded.id))
                places.append((day, fact.place))
            case HelpEnded():
                obligations = [
                    Obligation(o.obliged, o.since, o.begins, day, o.cause)
                    if o.obliged == fact.teacher and o.until is None
                    else o
                    for o in obligations
                ]
            case HelpGiven():
                fields = frozenset({"place"} if fact.place else ())
                fulfilments.append(Fulfilment(recorded.id, fact.kind, day, day, fact.by, fields, fact.with_whom))
    return History(obligations, fulfilments, places, max(facts, key=lambda r: r.position).id)


class Teaching:
    """Implements ``DutyMatter``."""

    of_households = False
    set_once = False
    kinds: Mapping[str, frozenset[str]] = {"talk": frozenset({"place"}), "visit": frozenset({"place"})}
    acts: Mapping[str, Act] = {}
    obligations: LiteralString = (
        "SELECT subject, obliged, since, begins, until, NULL::text AS of_kind FROM test_obligations"
    )
    fulfilments: LiteralString = "SELECT subject, kind, by, day, last, fields, whom FROM test_fulfilments"
    parties: LiteralString = "SELECT subject, obliged, NULL::text AS of_kind FROM test_obligations"

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        streams = tx.load_many(stream_of(subject) for subject in subjects)
        found = {s: timeline(known(streams[stream_of(s)], known_at), as_of=as_of) for s in subjects}
        return {subject: history_of(facts) for subject, facts in found.items() if facts}


def help_view() -> View[UUID]:
    tables = (
        Table("test_obligations", "subject", ("subject", "obliged", "since", "begins", "until")),
        Table("test_fulfilments", "subject", ("subject", "kind", "by", "day", "last", "fields", "whom")),
    )
    return view_of_streams("help", tables, HELP_TYPES, "help-", UUID, _rows)


def _rows(pupil: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    if not (kept := timeline(facts)):
        return [], []
    history = history_of(kept)
    return (
        [(pupil, o.obliged, o.since, o.begins, o.until) for o in history.obligations],
        [(pupil, f.kind, f.by, f.day, f.last, sorted(f.fields), f.whom) for f in history.fulfilments],
    )


MATTERS: DutyMatters = {TEACHING: Teaching()}
KINDS: DocumentKinds = {document.KIND: DutySetReader(MATTERS), **CALENDAR_KINDS}
OFFICE = {"level": "village", "role": "cadre"}


def duty(key: str, cadence: Mapping[str, Any], fact: str = "talk", **more: Any) -> dict[str, Any]:
    asked = {"fact": fact, **more.pop("fulfilled_by", {})}
    return {
        "key": key, "zh": key, "en": key, "obligation": TEACHING, "office": OFFICE, "cadence": cadence,
        "fulfilled_by": asked, **more,
    }  # fmt: skip


def duty_set(*duties: Mapping[str, Any], key: str = "teachers_four_ones", **head: Any) -> dict[str, Any]:
    return {
        "duty_set": key, "of_programme": "teachers", "edition": "1", "zh": "四个一", "en": "four ones", "jurisdiction": "CN",
        "source": "R41", "in_force": {"from": date(2014, 1, 1), "to": None}, "duties": tuple(duties), **head,
    }  # fmt: skip


class School:
    """The service's store and its duties, on tables of its own. What is told is in the views at once."""

    def __init__(self, store: Store, conninfo: str) -> None:
        with psycopg.connect(conninfo) as conn:
            conn.execute(TABLES)
        self.store = store
        self.duties = Duties(DutySetRepository(Documents(store, KINDS)), MATTERS)
        self._views = help_view(), duty_view.view()

    def adopt(self, *contents: Mapping[str, Any]) -> None:
        proposals = [proposal_of(checked(content, KINDS), "operator-1") for content in contents]

        def work(tx: Tx) -> None:
            tx.append(DOCUMENTS, *adoption_facts(tx.log, proposals, tx.version(DOCUMENTS)))

        self.store.transact(work)

    def tell(self, pupil: UUID, *facts: Fact) -> tuple[str, ...]:
        """Record them as a command would; their ids."""

        def work(tx: Tx) -> tuple[str, ...]:
            ids = tx.append(stream_of(pupil), *facts)
            self.duties.reconcile(tx, [pupil])
            return ids

        ids = self.store.transact(work, actor=SYSTEM_ACTOR)
        self.show(pupil)
        return ids

    def show(self, *pupils: UUID) -> None:
        """Bring the views up to date."""

        def work(tx: Tx) -> None:
            for view, prefix in zip(self._views, ("help-", "duties-"), strict=True):
                view.refold(tx.cur, tx.log, [f"{prefix}{pupil}" for pupil in pupils])

        self.store.transact(work, appends=False)
