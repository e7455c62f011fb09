"""Duties as entries of the inbox: due and overdue for the office that answers for them, escalated for those above it once it
has lasted long enough, waiting for everybody else."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, LiteralString

from services.casework.calendars.periods import Period
from services.casework.duties.document import Duty
from services.casework.duties.domain import LONGEST
from services.casework.duties.duty_sets import DutySets
from services.casework.duties.matters import DutyMatter
from services.casework.duties.relations import WindowRow, counts, is_of, unmet, window_params, window_rows
from services.casework.duties.store import Duties
from services.casework.inbox.entries import Asked, EntryKind, InboxEntry
from services.casework.messages import say
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NATIONAL
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range

COLUMNS = "id, kind, since, last, division, subject, household_id, document, duty, obliged"
IN_AREA = "a.division >= %(low)s AND a.division < %(high)s"
RESPONSIBLE = (
    "unnest(%(r_document)s::text[], %(r_duty)s::text[], %(r_of_kind)s::text[], %(r_kind)s::text[], %(r_fields)s::text[],"
    " %(r_anyone)s::boolean[], %(r_mine)s::boolean[], %(r_after_days)s::int[])"
    " AS r (document, duty, of_kind, kind, fields, anyone, mine, after_days)"
)
"""The duties that may have been missed: whether they are the asking office's, or after how many days they are shown to it."""

OBLIGATIONS_MISSED: LiteralString = """
SELECT name FROM unnest(%(names)s::text[]) AS n (name) WHERE EXISTS (
    SELECT FROM duty_misses WHERE obligation = name AND (%(me)s::text IS NULL OR obliged = %(me)s))
"""


class DutyInbox:
    """Implements ``OwedByAccounts``. ``areas``: SQL of the relation (subject, division); ``refusal``: by which rule somebody may
    not do an act."""

    owed_by_accounts = True

    def __init__(
        self, store: Store, duties: Duties, areas: str, refusal: Callable[[str, Actor], Refused | None]
    ) -> None:
        self._store, self._duties, self._areas, self._refusal = store, duties, areas, refusal

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sets = self._duties.duty_sets.known_at(None)
        found: list[InboxEntry] = []
        ordered = " AND (since, id) > (%(since)s, %(id)s) ORDER BY since, id LIMIT %(limit)s"
        page = {"since": after[0], "id": after[1], "limit": limit}
        for sql, params in self._relations(sets, asked):
            whole = f"SELECT {COLUMNS} FROM ({sql}) e WHERE (%(kind)s::text IS NULL OR kind = %(kind)s){ordered}"
            with self._store.reading() as conn:
                rows = conn.execute(whole.encode(), {**params, **page}).fetchall()
            found += [self._entry(row, sets, asked.actor) for row in rows]
        return sorted(found, key=lambda e: (e.since, e.id))[:limit]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        found: Counter[EntryKind] = Counter()
        for sql, params in self._relations(self._duties.duty_sets.known_at(None), asked):
            with self._store.reading() as conn:
                rows = conn.execute(f"SELECT kind, count(*) FROM ({sql}) e GROUP BY kind".encode(), params).fetchall()
            found.update({EntryKind(kind): count for kind, count in rows})
        return found

    def _relations(self, sets: DutySets, asked: Asked) -> Iterator[tuple[str, Mapping[str, Any]]]:
        low, high = code_range(asked.division)
        params = {
            "low": low, "high": high, "today": asked.today, "kind": asked.kind, "me": asked.actor.subject if asked.mine else None,
            "places": ["" if place == NATIONAL else place for place in sets.places],
        }  # fmt: skip
        missed = self._obligations_missed(asked.actor.subject if asked.mine else None)
        for name, matter in self._duties.matters.items():
            if name in missed:
                yield self._missed(name, matter), {**params, **_responsible_params(sets, name, asked)}
            windows = [
                row for row in _open_windows(sets, name, asked) if asked.mine or _is_mine(sets, row, asked.actor)
            ]
            if windows:
                yield self._due(matter), {**params, **window_params(windows)}

    def _obligations_missed(self, obliged: str | None) -> frozenset[str]:
        """By which of them anything was missed: the others need not be asked, one statement each."""
        with self._store.reading() as conn:
            rows = conn.execute(OBLIGATIONS_MISSED, {"names": list(self._duties.matters), "me": obliged}).fetchall()
        return frozenset(name for (name,) in rows)

    def _missed(self, name: str, matter: DutyMatter) -> str:
        """Misses that nobody has made good and that still can be."""
        return (
            "SELECT m.miss AS id, CASE WHEN r.mine THEN 'overdue' WHEN m.last + r.after_days < %(today)s THEN 'escalated'"
            " ELSE 'waiting' END AS kind, m.since, m.last, a.division, m.subject, m.household_id, m.document, m.duty, m.obliged"
            f" FROM duty_misses m JOIN ({self._areas}) a USING (subject) JOIN {RESPONSIBLE} USING (document, duty)"
            f" WHERE m.obligation = '{name}' AND {IN_AREA} AND (%(me)s::text IS NULL OR m.obliged = %(me)s)"
            f" AND NOT EXISTS (SELECT FROM ({matter.fulfilments}) f WHERE f.subject = m.subject AND f.day > m.last"
            f"  AND {counts('r', 'm.obliged')})"
            f" AND EXISTS (SELECT FROM ({matter.obligations}) o WHERE o.subject = m.subject"
            f"  AND coalesce(o.obliged, '') = m.obliged AND {is_of('r')} AND (o.until IS NULL OR o.until > %(today)s))"
        )

    def _due(self, matter: DutyMatter) -> str:
        """What may be done today, of the edition that holds where the subject is, and does not count as missed yet."""
        return (
            "SELECT concat_ws('/', w.duty_set, w.duty, o.subject, coalesce(o.obliged, ''), d.first) AS id, 'due' AS kind,"
            " greatest(d.first, o.begins, w.adopted) AS since, d.last, a.division, o.subject,"
            f" {'o.subject' if matter.of_households else 'NULL::uuid'} AS household_id, w.document, w.duty,"
            f" coalesce(o.obliged, '') AS obliged"
            f" {unmet(matter, f'JOIN ({self._areas}) a ON a.subject = o.subject')} AND {IN_AREA}"
            " AND (%(me)s::text IS NULL OR o.obliged = %(me)s)"
            " AND d.first <= %(today)s AND o.begins <= %(today)s AND d.last + w.grace_days >= %(today)s"
            " AND starts_with(a.division, w.place) AND NOT EXISTS (SELECT FROM unnest(%(places)s::text[]) p (place)"
            "  WHERE length(p.place) > length(w.place) AND starts_with(a.division, p.place))"
        )

    def _entry(self, row: Sequence[Any], sets: DutySets, actor: Actor) -> InboxEntry:
        entry, kind, since, last, division, subject, household_id, document, key, obliged = row
        edition = sets.edition(document)
        assert edition is not None
        duty = edition.terms.duty(key)
        assert duty is not None
        act = self._duties.matters[duty.obligation].acts.get(duty.fulfilled_by.fact)
        return InboxEntry(
            id=entry, kind=EntryKind(kind), since=since, due_by=last, division=division, subject=subject,
            household_id=household_id, why=_why(kind, Message("duty_set", edition.terms.zh, edition.terms.en), duty, last),
            act=act and act.about(subject), refused=self._refusal(act.operation, actor) if act else None,
            details={"duty_set": edition.terms.duty_set, "duty": key, "obliged": obliged or None},
        )  # fmt: skip


def _open_windows(sets: DutySets, obligation: str, asked: Asked) -> Iterator[WindowRow]:
    today = asked.today
    computed = partial(window_rows, sets, obligation, Period(today, today + LONGEST), today, sets.places)
    rows = sets.once(("open", obligation, today), computed)
    return (row for row in rows if row.place.startswith(asked.division) or asked.division.startswith(row.place))


def _responsible_params(sets: DutySets, obligation: str, asked: Asked) -> Mapping[str, Any]:
    rows = [
        (
            edition.id, duty.key, duty.of or "", duty.fulfilled_by.fact, ",".join(duty.fulfilled_by.fields),
            duty.fulfilled_by.done_by == "anyone", asked.mine or _answers_for(duty, asked.actor),
            _shown_after(duty, asked.actor),
        )
        for edition, duty in sets.duties(obligation)
        if asked.mine or not edition.terms.is_closed_to(asked.actor.roles)
    ]  # fmt: skip
    names = ("document", "duty", "of_kind", "kind", "fields", "anyone", "mine", "after_days")
    return {f"r_{name}": [row[n] for row in rows] for n, name in enumerate(names)}


def _is_mine(sets: DutySets, row: WindowRow, actor: Actor) -> bool:
    edition = sets.edition(row.document)
    duty = edition.terms.duty(row.duty) if edition is not None else None
    return (
        edition is not None
        and duty is not None
        and not edition.terms.is_closed_to(actor.roles)
        and _answers_for(duty, actor)
    )


def _answers_for(duty: Duty, actor: Actor) -> bool:
    return actor.level is duty.office.level and actor.has(duty.office.role)


def _shown_after(duty: Duty, actor: Actor) -> int | None:
    return next((e.after_days for e in duty.escalation if e.level is actor.level), None)


def _why(kind: str, duty_set: Message, duty: Duty, last: date) -> Message:
    what = Message("duty", duty.zh, duty.en)
    match kind:
        case EntryKind.DUE:
            return say("duty_due", duty_set=duty_set, duty=what, last=last)
        case EntryKind.OVERDUE:
            return say("duty_overdue", duty_set=duty_set, duty=what, last=last)
        case EntryKind.ESCALATED:
            return say("duty_escalated", duty_set=duty_set, duty=what, last=last)
    return say("duty_waiting", duty_set=duty_set, duty=what, last=last)
