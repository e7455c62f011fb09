"""Handlers of the commands about pairs: who is helped is the stream; that the helper has room is kept as periods, in the
transaction that forms the pair."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import structs

from contracts.assistance.pairs import (
    FOLLOWING,
    CommitmentSigned,
    ExitContractSigned,
    HelpListed,
    HelpUnlisted,
    PairAnnulled,
    PairEnded,
    PairEndReason,
    PairFormed,
)
from contracts.casework.records import SubjectKind
from services.assistance.pairs import domain, rules
from services.assistance.pairs.conditions import is_organisation, recorded_until, status_then
from services.assistance.pairs.deaths import reconcile_deaths
from services.assistance.pairs.document import PairKind
from services.assistance.pairs.finding import helped_by_subjects
from services.assistance.pairs.known_helpers import tell_if_unknown
from services.assistance.pairs.register_store import kind_in_force, kind_told, reconcile_descendants
from services.assistance.pairs.state import Helped, Pair, helped
from services.assistance.pairs.streams import following, number_of, stream_for
from services.assistance.pairs.told import facts_of
from services.assistance.record_subjects import RegisterSubjects
from services.casework.documents.reading import Documents
from services.casework.duties.store import Duties
from services.casework.records.commands import SubjectRef
from services.casework.records.subjects import FoundSubject
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

Handler = Callable[[Tx], Reply]
Notice = Callable[[Tx, str, UUID], None]
"""Says what is implausible about a helper who got another household."""


def location_of(subject: UUID, number: int, what: str = "pairs") -> str:
    return f"/assistance/{what}/{subject}/{number}"


class PairCommands:
    def __init__(self, documents: Documents, duties: Duties, notice: Notice) -> None:
        self._documents, self._duties, self._subjects = documents, duties, RegisterSubjects()
        self._notice = notice

    def list_for_help(self, fact: HelpListed, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            found = self._found(tx, fact.about, fact.subject, fact.place, fact.effective_on, actor)
            kind = self._kind(tx, fact.kind, fact.effective_on, found, actor)
            context = domain.Context(kind, _helped(tx, fact.subject), tx.today)
            told = domain.list_for_help(structs.replace(fact, edition=kind.edition), context)
            reply = self._append(tx, "listings", told)
            self._reconcile_deaths(tx, fact)
            return reply

        return work

    def unlist(self, fact: HelpUnlisted, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            listing = _helped(tx, fact.subject).listings.get(fact.listing)
            if listing is None:
                raise Refused(NOT_FOUND)
            told = listing.listed
            found = self._found(tx, told.about, fact.subject, told.place, fact.effective_on, actor)
            self._kind(tx, told.kind, told.effective_on, found, actor, told.edition)
            self._append(tx, "listings", domain.unlist(fact, listing, tx.today))
            return Reply(location=location_of(fact.subject, fact.listing, "listings"))

        return work

    def form(self, fact: PairFormed, actor: Actor, *, additional: bool = False) -> Handler:
        return lambda tx: self._formed(tx, fact, actor, additional=additional)

    def sign(self, fact: CommitmentSigned, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            pair, _ = self._pair(tx, fact.subject, fact.pair, fact.effective_on, actor)
            self._append(tx, "pairs", domain.sign(fact, pair, tx.today))
            return Reply(location=location_of(fact.subject, fact.pair))

        return work

    def contract(self, fact: ExitContractSigned, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            pair, kind = self._pair(tx, fact.subject, fact.pair, fact.effective_on, actor)
            self._append(tx, "pairs", domain.contract(fact, pair, kind, tx.today))
            return Reply(location=location_of(fact.subject, fact.pair))

        return work

    def end(self, fact: PairEnded, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            pair, kind = self._pair(tx, fact.subject, fact.pair, fact.effective_on, actor)
            self._ended(tx, fact, pair, kind)
            return Reply(location=location_of(fact.subject, fact.pair))

        return work

    def annul(self, subject: UUID, number: int, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            pair, _ = self._pair(tx, subject, number, None, actor)
            told = PairAnnulled(
                effective_on=tx.today, entered_by=actor.subject, subject=subject, pair=number, annuls=pair.facts
            )
            tx.set_periods(domain.taken_by(pair.formed.kind, pair.formed.helper), domain.pair_id(subject, number), [])
            self._append(tx, "pairs", domain.annul(told, pair))
            return Reply(location=location_of(subject, number))

        return work

    def hand_over(self, successor: PairFormed, number: int, actor: Actor) -> Handler:
        """``successor``: kind and subject are the former pair's."""
        return lambda tx: self.handed_over(tx, successor, number, actor)

    def handed_over(self, tx: Tx, successor: PairFormed, number: int, actor: Actor | None) -> Reply:
        """Whatever was promised and signed stays the former helper's; letters that were asked for the next one signs anew.
        ``actor``: ``None`` for what falls to somebody by itself."""
        pair, kind = self._pair(tx, successor.subject, number, successor.effective_on, actor)
        if pair.formed.helper == successor.helper:
            raise Refused(rules.SAME_HELPER)
        self._ended(tx, _ending(successor, number, PairEndReason.HANDED_OVER), pair, kind)
        others = _helped(tx, successor.subject).pairs.values()
        if actor is None and any(
            p.formed.helper == successor.helper and p.formed.kind == pair.formed.kind and p.holds_on(tx.today)
            for p in others
        ):
            return Reply(location=location_of(successor.subject, number))  # the leader helps already
        told = domain.taken_over(
            pair.formed, successor, by_organisation=is_organisation(tx, pair.formed.helper_subject)
        )
        return self._formed(tx, told, actor, succeeds=True)

    def reassign(self, to: PairFormed, former: UUID, number: int, actor: Actor) -> Handler:
        """The helper helps another subject from that day on; the former's history stays where it is (source facts §5 rule 45)."""

        def work(tx: Tx) -> Reply:
            pair, kind = self._pair(tx, former, number, to.effective_on, actor)
            if to.subject == former:
                raise Refused(rules.SAME_SUBJECT)
            ending = structs.replace(_ending(to, number, PairEndReason.REASSIGNED), subject=former)
            self._ended(tx, ending, pair, kind)
            told = structs.replace(
                to, kind=pair.formed.kind, helper=pair.formed.helper, unit=pair.formed.unit, mode=pair.formed.mode,
                helper_subject=to.helper_subject or pair.formed.helper_subject, ends_on=to.ends_on or pair.formed.ends_on,
                moved_from=former,
            )  # fmt: skip
            return self._formed(tx, told, actor, succeeds=True)

        return work

    def _formed(
        self, tx: Tx, fact: PairFormed, actor: Actor | None, *, succeeds: bool = False, additional: bool = False
    ) -> Reply:
        found = self._found(tx, fact.about, fact.subject, fact.place, fact.effective_on, actor)
        kind = self._kind(tx, fact.kind, fact.effective_on, found, actor, fact.edition)
        if actor is not None and found.area_then is None:
            raise Refused(rules.SUBJECT_NOT_THERE, on=fact.effective_on.isoformat())
        if succeeds:
            fact = domain.carried_over(fact, kind)
        if actor is None:  # better more than the document allows than nobody
            on_record = kind.helper_is if fact.helper_subject is not None else None
            kind = structs.replace(kind, helps_at_most=None, helped_by_at_most=None, helper_is=on_record)
        taken = domain.taken_by(fact.kind, fact.helper)
        periods = tx.periods_of([taken])[taken] if kind.helps_at_most is not None else {}
        context = domain.Context(
            kind, _helped(tx, fact.subject), tx.today, [p for of in periods.values() for p in of],
            recorded_until(tx, fact.subject, fact.effective_on) if kind.after else (),
            self._is_on_record(tx, fact, kind, actor), status_then(tx, fact) if kind.follows_register else None,
        )  # fmt: skip
        told = structs.replace(fact, edition=kind.edition, committed_first=kind.committed_first)
        told = domain.form(told, context, succeeds=succeeds, additional=additional)
        if kind.follows_register:
            told = following(told)
        stream = stream_for(told)
        number = number_of(stream, tx.version(stream) + 1)
        tx.set_periods(taken, domain.pair_id(fact.subject, number), domain.taken_for(told, told.ends_on))
        reply = self._append(tx, "pairs", told)
        self._reconcile_deaths(tx, fact, kind.helper_is)
        if actor is not None:
            tell_if_unknown(tx, fact.helper)
        if kind.follows_register:
            self._notice(tx, fact.helper, fact.subject)
        return reply

    def end_for_leaving(self, tx: Tx, party: UUID, left: PairEnded) -> None:
        """Every pair in which the party that left is helped, or helps as who it is on record. ``left``: from when on, by whom;
        subject and pair are filled in."""
        for subject in sorted({party} | helped_by_subjects(tx, [party])):
            for pair in _helped(tx, subject).pairs.values():
                whose = {PairEndReason.HELPED_LEFT: subject, PairEndReason.HELPER_LEFT: pair.formed.helper_subject}
                reason = next((why for why, who in whose.items() if who == party), None)
                day = max(left.effective_on, pair.told.day)
                if reason is None or pair.void or not pair.holds_on(day) or pair.end is not None:
                    continue
                told = structs.replace(left, subject=subject, pair=pair.number, reason=reason, effective_on=day)
                taken = domain.taken_by(pair.formed.kind, pair.formed.helper)
                tx.set_periods(taken, domain.pair_id(subject, pair.number), domain.taken_for(pair.formed, day))
                self._append(tx, "pairs", told)

    def _ended(self, tx: Tx, fact: PairEnded, pair: Pair, kind: PairKind) -> None:
        recorded = recorded_until(tx, fact.subject, fact.effective_on) if kind.closed_by else ()
        told = domain.end(fact, pair, domain.Context(kind, Helped(), tx.today, recorded=recorded))
        taken = domain.taken_by(pair.formed.kind, pair.formed.helper)
        periods = domain.taken_for(pair.formed, fact.effective_on)
        tx.set_periods(taken, domain.pair_id(fact.subject, fact.pair), periods)
        self._append(tx, "pairs", told)

    def _pair(self, tx: Tx, subject: UUID, number: int, day: date | None, actor: Actor | None) -> tuple[Pair, PairKind]:
        """Raises ``NOT_FOUND``, also for whom the pair is not."""
        pair = _helped(tx, subject).pairs.get(number)
        if pair is None:
            raise Refused(NOT_FOUND)
        formed = pair.formed
        found = self._found(tx, formed.about, subject, formed.place, day or formed.effective_on, actor)
        kind = self._kind(tx, formed.kind, formed.effective_on, found, actor, formed.edition)
        if actor is not None and not kind.is_open_to(actor, formed.helper, formed.entered_by):
            raise Refused(NOT_FOUND)
        return pair, kind

    def _found(
        self, tx: Tx, about: SubjectKind, subject: UUID, place: str | None, day: date, actor: Actor | None
    ) -> FoundSubject:
        found = self._subjects.find(tx, SubjectRef(about, subject, place), day)
        if found is None or (actor is not None and not actor.covers(found.area)):
            raise Refused(NOT_FOUND)
        if found.learned_at is not None and not tx.appended:
            tx.after(found.learned_at)
        return found

    def _kind(self, tx: Tx, key: str, day: date, found: FoundSubject, actor: Actor | None, told: str = "") -> PairKind:
        """``told``: the edition of what is there already, which goes on under it where none is in force any more, and where nobody decides
        anything: what falls to somebody by itself."""
        lookup = self._documents.in_unit(tx)
        if actor is None and told:
            return kind_told(lookup, key, told)
        try:
            kind = kind_in_force(lookup, key, day, found.area_then or found.area)
        except Refused:
            if not told:
                raise
            kind = kind_told(lookup, key, told)
        if actor is not None and not kind.made_by.admit(actor.roles, actor.level):
            roles, levels = sorted(kind.made_by.roles), sorted(kind.made_by.levels)
            step = NextStep("form_pair", Office(tuple(roles), tuple(levels)))
            raise Refused(rules.OTHER_OFFICE, roles=roles, levels=levels).advising(step)
        return kind

    def _is_on_record(self, tx: Tx, fact: PairFormed, kind: PairKind, actor: Actor | None) -> bool:
        if kind.helper_is is None or fact.helper_subject is None:
            return False
        found = self._subjects.find(tx, SubjectRef(kind.helper_is, fact.helper_subject), fact.effective_on)
        return found is not None and (actor is None or kind.helper_is is SubjectKind.PARTY or actor.covers(found.area))

    def _reconcile_deaths(self, tx: Tx, fact: PairFormed | HelpListed, *who: SubjectKind | None) -> None:
        if SubjectKind.PERSON in (fact.about, *who) and reconcile_deaths(tx, fact.subject, self._documents.in_unit(tx)):
            self._duties.reconcile(tx, [fact.subject])

    def _append(self, tx: Tx, what: str, fact: Any) -> Reply:
        stream = stream_for(fact)
        (told,) = tx.append(stream, fact)
        number = number_of(stream, tx.version(stream))
        changed = [fact.subject]
        if number > FOLLOWING:
            changed = reconcile_descendants(tx, fact.subject, self._documents.in_unit(tx)) or changed
        self._duties.reconcile(tx, changed, told)
        if isinstance(fact, PairFormed | PairEnded | PairAnnulled):
            self._duties.reconcile(tx, _parties_of(tx, fact.subject), told)
        return Reply(location=location_of(fact.subject, number, what))


def _ending(of: PairFormed, number: int, reason: PairEndReason) -> PairEnded:
    return PairEnded(
        effective_on=of.effective_on, entered_by=of.entered_by, subject=of.subject, pair=number, reason=reason
    )


def _helped(tx: Tx, subject: UUID) -> Helped:
    return helped(facts_of(tx, [subject])[subject])


def _parties_of(tx: Tx, subject: UUID) -> list[UUID]:
    """Parties whose accounts help the subject, or did."""
    accounts = {pair.formed.helper for pair in _helped(tx, subject).pairs.values()}
    rows = tx.cur.execute(b"SELECT party_id FROM parties WHERE account = ANY(%s)", (list(accounts),)).fetchall()
    return [row[0] for row in rows]
