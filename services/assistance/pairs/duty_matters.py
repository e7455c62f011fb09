"""By what somebody owes something to those who are helped: by a pair, by a list that promises a helper, by what a party is there
for, and by a record that calls for another."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import LiteralString
from uuid import UUID

from contracts.assistance.pairing import HelperAssigned
from contracts.assistance.pairs import HelpListed, PairFormed
from contracts.casework.records import SubjectKind
from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.selection import known, timeline
from services.assistance.pairs.state import Helped, Pair, helped
from services.assistance.pairs.told import facts_of
from services.assistance.pairs.view import ALL_PAIRS
from services.assistance.parties.domain import Party, party
from services.assistance.parties.domain import stream_of as party_stream
from services.assistance.subject_places import Whereabouts, household_in, whereabouts
from services.casework.duties.history import Fulfilment, History, Obligation
from services.casework.duties.matters import DutyMatters
from services.casework.duties.store import EARLIEST
from services.casework.inbox.entries import Act
from services.casework.records.fulfilments import RecordFulfilments
from services.casework.records.state import standing
from services.casework.records.streams import streams_of
from services.chassis.log.unit import Tx

PAIR, TO_SIGN, LISTED, PARTY, RECORD = "pair", "pair_to_be_signed", "listed_for_help", "party", "record"
"""Names of the obligations, for documents."""
FORMED, COMMITTED = PairFormed.type_name, "PairCommitted"
FORMED_ACT = Act("form_pair", "POST", "/assistance/pairs")
Owe = Callable[[Helped], tuple[Iterable[Obligation], Iterable[Fulfilment]]]
NO_ACTS: Mapping[str, Act] = {}

SERVED: LiteralString = (
    f"SELECT {{who}} AS subject, '{FORMED}' AS kind, p.helper AS by, p.formed_on AS day,"
    " coalesce(p.until - 1, 'infinity') AS last, ARRAY[p.kind] AS fields, p.subject AS whom"
    f" FROM {ALL_PAIRS} p{{joined}} WHERE NOT p.void"
)
"""SQL of who helped from when to when: what is said of a pair is its kind."""
SERVED_BY: LiteralString = f"SELECT DISTINCT subject FROM {ALL_PAIRS} p WHERE helper = ANY(%s)"


def _pairs(found: Helped) -> Iterator[Pair]:
    return (pair for pair in found.pairs.values() if not pair.void)


def _formed(pair: Pair, whom: UUID | None = None) -> Fulfilment:
    last = date.max if pair.until is None else pair.until - timedelta(1)
    kind = frozenset({pair.formed.kind})
    return Fulfilment(pair.told.fact, FORMED, pair.told.day, last, pair.formed.helper, kind, whom)


def by_pairs(found: Helped) -> tuple[Iterable[Obligation], Iterable[Fulfilment]]:
    """As long as a pair is in effect its helper owes what the documents say."""
    return [
        Obligation(p.formed.helper, b.day, max(b.day, b.known_on), p.until, p.told.fact, p.formed.kind)
        for p in _pairs(found)
        if (b := p.begins) is not None
    ], ()


def by_letters(found: Helped) -> tuple[Iterable[Obligation], Iterable[Fulfilment]]:
    """Where letters are asked for, a pair owes them from the day on which it was formed."""
    to_sign = [p for p in _pairs(found) if p.formed.committed_first]
    owed = [
        Obligation(
            p.formed.helper, p.told.day, max(p.told.day, p.told.known_on), p.until, p.told.fact, p.formed.kind
        )
        for p in to_sign
    ]  # fmt: skip
    done = [
        Fulfilment(b.fact, COMMITTED, b.day, b.day, p.formed.helper, frozenset({p.formed.kind}))
        for p in to_sign
        if (b := p.begins) is not None
    ]
    return owed, done


def by_lists(found: Helped) -> tuple[Iterable[Obligation], Iterable[Fulfilment]]:
    """Whoever is on a list is owed a helper, and another when one goes."""
    owed, done = list[Obligation](), list[Fulfilment]()
    for one in found.listings.values():
        told, kind = one.told, one.listed.kind
        owed.append(Obligation(None, told.day, max(told.day, told.known_on), one.until, told.fact, kind))
        for pair in _pairs(found):
            if pair.formed.kind != kind or pair.until is None or not one.holds_on(pair.until):
                continue
            known_on = pair.told.known_on if pair.end is None else pair.end.known_on
            cause = pair.told.fact if pair.end is None else pair.end.fact
            owed.append(Obligation(None, pair.until, max(pair.until, known_on), one.until, cause, kind))
    done += [_formed(pair) for pair in _pairs(found)]
    return owed, done


class OfHelped:
    """Implements ``DutyMatter`` for whoever is helped or listed: ``owe`` says what follows from that."""

    of_households = False
    set_once = False

    def __init__(
        self, records: RecordFulfilments, owe: Owe, obligations: LiteralString, parties: LiteralString,
        own: Mapping[str, frozenset[str]], own_sql: LiteralString, acts: Mapping[str, Act] = NO_ACTS,
    ) -> None:  # fmt: skip
        self._records, self._owe = records, owe
        self.obligations, self.parties = obligations, parties
        self.kinds: Mapping[str, frozenset[str]] = {**records.kinds, **own}
        self.acts: Mapping[str, Act] = {**records.acts, **acts}
        self.fulfilments: LiteralString = records.relation + own_sql

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        told = {s: known(facts, known_at) for s, facts in facts_of(tx, subjects).items()}
        what = {s: of for s, facts in told.items() if (of := _what(facts))}
        there = whereabouts(tx, what, as_of, known_at)
        done = self._records.fulfilments(tx, list(there), as_of, known_at)
        found = {}
        for subject, where in there.items():
            owed, own = self._owe(helped(told[subject], as_of))
            found[subject] = _history(
                list(owed), [*own, *done.get(subject, ())], where, told[subject], household_in(what, subject)
            )
        return found


class OfParty:
    """Implements ``DutyMatter``: as long as a party is there, whoever answers for it owes what the documents say of its kind."""

    of_households = False
    set_once = False
    obligations: LiteralString = (
        "SELECT party_id AS subject, account AS obliged, since, greatest(since, known_on) AS begins, until, kind AS of_kind"
        " FROM parties"
    )
    parties: LiteralString = "SELECT party_id AS subject, account AS obliged, kind AS of_kind FROM parties"

    def __init__(self, records: RecordFulfilments) -> None:
        self._records = records
        self.kinds: Mapping[str, frozenset[str]] = {**records.kinds, FORMED: frozenset()}
        self.acts: Mapping[str, Act] = {**records.acts, FORMED: FORMED_ACT}
        joined = " JOIN parties q ON q.account = p.helper"
        self.fulfilments: LiteralString = (
            f"{records.relation} UNION ALL {SERVED.format(who='q.party_id', joined=joined)}"
        )

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        streams = tx.load_many(map(party_stream, subjects))
        told = {s: known(streams[party_stream(s)], known_at) for s in subjects}
        there = {s: one for s, facts in told.items() if (one := party(timeline(facts, as_of=as_of))) is not None}
        done = self._records.fulfilments(tx, list(there), as_of, known_at)
        served = self._served(tx, there, as_of, known_at)
        return {s: _of_party(one, [*done.get(s, ()), *served[s]], told[s]) for s, one in there.items()}

    def _served(
        self, tx: Tx, there: Mapping[UUID, Party], as_of: date, known_at: datetime | None
    ) -> Mapping[UUID, list[Fulfilment]]:
        """Whom those who answer for these parties helped."""
        accounts = {one.entered.account for one in there.values()} - {None}
        rows = tx.cur.execute(SERVED_BY.encode(), (list(accounts),)).fetchall()
        told = facts_of(tx, [row[0] for row in rows])
        pairs = [(pair, s) for s, facts in told.items() for pair in _pairs(helped(known(facts, known_at), as_of))]
        return {
            s: [_formed(pair, whom) for pair, whom in pairs if pair.formed.helper == one.entered.account]
            for s, one in there.items()
        }


class OfRecord:
    """Implements ``DutyMatter``: whoever made a record of one kind owes another about the same subject: a need that a forum
    heard is answered, a life event is visited, a problem found is solved."""

    of_households = False
    set_once = True
    parties: LiteralString = "SELECT subject, done_by AS obliged, kind AS of_kind FROM record_doers"

    def __init__(self, records: RecordFulfilments) -> None:
        self._records = records
        self.kinds: Mapping[str, frozenset[str]] = records.kinds
        self.acts: Mapping[str, Act] = records.acts
        self.fulfilments: LiteralString = records.relation
        self.obligations: LiteralString = (
            "SELECT r.subject, convert_from(l.state, 'UTF8')::jsonb->>'done_by' AS obliged, r.day AS since,"
            " greatest(r.day, (l.recorded_at AT TIME ZONE 'Asia/Shanghai')::date) AS begins, NULL::date AS until,"
            " r.kind AS of_kind FROM records r JOIN log l ON l.originator_version = r.version"
            " AND l.originator_id = 'records-' || r.subject || '-' || to_char(r.day, 'YYYY')"
            " WHERE r.until IS NULL AND r.awaiting IS NULL"
        )

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        of = {s: streams_of([s], EARLIEST, min(as_of, tx.today)) for s in subjects}
        streams = tx.load_many(name for names in of.values() for name in names)
        # In most years there is nothing.
        years = {s: [known(streams[name], known_at) for name in names if streams[name]] for s, names in of.items()}
        told = {s: [r for year in of_subject for r in year] for s, of_subject in years.items()}
        made = {s: [r for year in of_subject for r in standing(year)] for s, of_subject in years.items()}
        what = {s: (states[0].fact.about, states[0].fact.place) for s, states in made.items() if states}
        there = whereabouts(tx, what, as_of, known_at)
        done = self._records.fulfilments(tx, list(there), as_of, known_at)
        found = {}
        for subject, where in there.items():
            owed = [
                Obligation(
                    r.fact.done_by, r.fact.effective_on, max(r.fact.effective_on, civil_day(r.told.recorded_at)), None,
                    r.told.id, r.fact.kind,
                )
                for r in made[subject]
                if r.fact.effective_on <= as_of
            ]  # fmt: skip
            found[subject] = _history(owed, done.get(subject, ()), where, told[subject], household_in(what, subject))
        return found


def _of_party(one: Party, done: Sequence[Fulfilment], facts: Sequence[Recorded]) -> History:
    e = one.entered
    begins = max(e.effective_on, one.known_on)
    owed = Obligation(e.account, e.effective_on, begins, one.until, one.fact, str(e.kind))
    return History([owed], done, [(e.effective_on, e.division)], facts[-1].id)


def _history(
    owed: Sequence[Obligation],
    done: Sequence[Fulfilment],
    where: Whereabouts,
    own: Sequence[Recorded],
    household: UUID | None,
) -> History:
    last = max((*own, *([where.latest] if where.latest else ())), key=attrgetter("recorded_at"))
    return History(owed, done, where.stays, last.id, household)


def _what(facts: Sequence[Recorded]) -> tuple[SubjectKind, str | None] | None:
    for fact in (r.fact for r in facts):
        if isinstance(fact, HelperAssigned):  # of the first edition
            return SubjectKind.HOUSEHOLD, None
        if isinstance(fact, PairFormed | HelpListed):
            return fact.about, fact.place
    return None


def duty_matters(records: RecordFulfilments) -> DutyMatters:
    """``records``: about whatever there is."""
    columns: LiteralString = f"kind AS of_kind FROM {ALL_PAIRS} p WHERE NOT void"
    pairs: LiteralString = (
        "SELECT subject, helper AS obliged, since, greatest(since, known_on) AS begins, until,"
        f" {columns} AND since IS NOT NULL"
    )
    letters: LiteralString = (
        "SELECT subject, helper AS obliged, formed_on AS since, greatest(formed_on, formed_known_on) AS begins, until,"
        f" {columns} AND committed_first"
    )
    signed: LiteralString = (
        f" UNION ALL SELECT subject, '{COMMITTED}', helper, since, since, ARRAY[kind], NULL::uuid FROM pairs"
        " WHERE NOT void AND committed_first AND since IS NOT NULL"
    )
    lists: LiteralString = (
        "SELECT subject, NULL::text AS obliged, since, greatest(since, known_on) AS begins, until, kind AS of_kind"
        " FROM help_listings UNION ALL"
        " SELECT p.subject, NULL, p.until, greatest(p.until, coalesce(p.end_known_on, p.formed_known_on)), l.until, l.kind"
        " FROM pairs p JOIN help_listings l ON l.subject = p.subject AND l.kind = p.kind"
        " WHERE NOT p.void AND p.until IS NOT NULL AND l.since <= p.until AND (l.until IS NULL OR p.until < l.until)"
    )
    helpers: LiteralString = f"SELECT subject, helper AS obliged, kind AS of_kind FROM {ALL_PAIRS} p"
    to_sign: LiteralString = "SELECT subject, helper AS obliged, kind AS of_kind FROM pairs WHERE committed_first"
    listed: LiteralString = "SELECT subject, NULL::text AS obliged, kind AS of_kind FROM help_listings"
    nothing: Mapping[str, frozenset[str]] = {}
    served: LiteralString = f" UNION ALL {SERVED.format(who='p.subject', joined='')}"
    return {
        PAIR: OfHelped(records, by_pairs, pairs, helpers, nothing, ""),
        TO_SIGN: OfHelped(records, by_letters, letters, to_sign, {COMMITTED: frozenset()}, signed),
        LISTED: OfHelped(records, by_lists, lists, listed, {FORMED: frozenset()}, served, {FORMED: FORMED_ACT}),
        PARTY: OfParty(records),
        RECORD: OfRecord(records),
    }
