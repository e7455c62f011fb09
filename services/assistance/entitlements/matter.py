"""Whether a unit has a programme, as a standing that procedures change: one matter for every programme that has a procedure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from contracts.assistance.entitlements import (
    EntitlementAnnulment,
    EntitlementApplied,
    EntitlementFact,
    EntitlementFactsAnnulled,
    EntitlementGranted,
)
from contracts.facts import DecidedFrom, Recorded
from contracts.selection import surviving, timeline
from services.assistance.entitlements import domain
from services.assistance.entitlements.derived_facts import derive_facts
from services.assistance.entitlements.domain import Terms, Unit, stream_of
from services.assistance.entitlements.quota_store import take_place
from services.assistance.entitlements.state import Grant, UnitEntitlements, evolve, fold
from services.assistance.entitlements.store import reconcile_entitlements
from services.assistance.entitlements.units import facts_about_units, history_of, is_household, outside_unit, unit_on
from services.assistance.parties.domain import Party, party
from services.assistance.parties.domain import stream_of as party_stream
from services.assistance.programmes.candidates import Stated
from services.assistance.programmes.lookup import Programmes
from services.assistance.reconciliation import annulment_fields, decided
from services.casework.documents.reading import Documents
from services.casework.people.queries import current_division
from services.casework.procedures.document import Procedure
from services.casework.procedures.matters import Matter, read_terms
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

HOUSEHOLD_DIVISION = b"SELECT division FROM households WHERE household_id = %s"


class AnyProgramme(Mapping[str, Callable[[Procedure], None]]):
    """What a procedure document must be to grant a programme: whichever its standing names, for programmes are documents, too."""

    def __getitem__(self, standing: str) -> Callable[[Procedure], None]:
        return domain.require_document

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __contains__(self, standing: object) -> bool:
        return True


@dataclass(frozen=True)
class ProgrammeMatters(Mapping[str, Matter]):
    """A matter for each programme, by its key."""

    documents: Documents

    def __getitem__(self, programme: str) -> Matter:
        return EntitlementMatter(self.documents, programme)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True)
class _Register:
    """What the register knows of one unit; ``outside``: of a unit outside of it, what was entered."""

    unit: UUID
    about: Sequence[Recorded]
    household: bool
    outside: Party | None = None

    @classmethod
    def of(cls, tx: Tx, unit: UUID) -> "_Register":
        about = facts_about_units(tx.cur, [unit])[unit]
        outside = None if about else party(timeline(tx.load(party_stream(unit))))
        return cls(unit, about, is_household(unit, about), outside)

    def on(self, day: date, stated: Stated) -> Unit:
        if self.outside is not None:
            return outside_unit(self.unit, self.outside, day, stated)
        return unit_on(self.unit, self.about, day, household=self.household, stated=stated)

    def area(self, tx: Tx) -> str | None:
        """Where it is today."""
        if self.outside is not None:
            return self.outside.entered.division
        if not self.household:
            return current_division(tx.cur, self.unit)
        row = tx.cur.execute(HOUSEHOLD_DIVISION, (self.unit,), prepare=True).fetchone()
        return str(row[0]) if row else None

    @property
    def hands(self) -> frozenset[str]:
        """Who entered what is known of it, but for what procedures decided."""
        if self.outside is not None:
            return frozenset({self.outside.entered.entered_by})
        return frozenset(r.fact.entered_by for r in self.about if getattr(r.fact, "case_id", None) is None)


@dataclass(frozen=True)
class EntitlementMatter:
    """Implements ``Matter``. The subject is the unit."""

    documents: Documents
    programme: str

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return stream_of(subject), party_stream(subject)

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        """Where the unit is today or was when it applied for last; whether it has the programme on that day; who entered what the
        register knows of its households, but for what procedures decided."""
        known, own = _Register.of(tx, subject), _own(tx, subject)
        applied_in = next((a.division for a in reversed(own.applications.values())), None)
        area = known.area(tx) or applied_in
        if area is None:
            raise Refused(NOT_FOUND)
        if known.about:
            # What is decided from them is recorded after them.
            tx.after(max(r.recorded_at for r in known.about))
        return Subject(
            id=subject,
            household_id=known.on(on, Stated()).candidate.person.household_id,
            area=area,
            hands=known.hands,
            standing=domain.RECEIVING if own.runs_on(self.programme, on) else domain.NOT_RECEIVING,
        )

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        known, read, lookup = _Register.of(tx, case.subject), read_terms(Terms, terms), self.documents.in_unit(tx)
        own = _own(tx, case.subject)
        stated = Stated(
            read.as_income(), own.receiving(case.opened_on), frozenset(read.proved)
        )  # fmt: skip
        applied = domain.apply(case, known.on(case.opened_on, stated), read, Programmes(lookup))
        tx.append(stream_of(case.subject), decided(tx, applied, basis, lookup))

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        assert case.decision is not None
        known, own, lookup = _Register.of(tx, case.subject), _own(tx, case.subject), self.documents.in_unit(tx)
        applied, programmes, day = own.applications[case.case_id], Programmes(lookup), case.decision.decided_on
        stated = Stated(applied.income, own.receiving(day), frozenset(applied.proved))
        unit = known.on(day, stated)
        granted = domain.grant(case, applied, unit, programmes, actor.subject, caused_by)
        new = Grant.of(granted, tx.instant)
        history = history_of(case.subject, household=known.household)
        following = (f for f in derive_facts(new, known.about, history, programmes) if isinstance(f, EntitlementFact))
        domain.require_no_later_grant(reduce(evolve, following, new), own.of(self.programme))
        edition = domain.programme_for(programmes, self.programme, unit.candidate, applied.division)
        take_place(tx, edition, granted)
        tx.append(stream_of(case.subject), decided(tx, granted, basis, lookup))
        # A decision entered late may precede what the registry has recorded already.
        reconcile_entitlements(tx, case.subject, known.about, lookup)

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        own = surviving(tx.load(stream_of(case.subject)))
        return any(isinstance(r.fact, EntitlementGranted) and r.fact.case_id == case.case_id for r in own)

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        own = surviving(tx.load(stream_of(case.subject)))
        of_case = [r for r in own if isinstance(r.fact, EntitlementFact) and r.fact.case_id == case.case_id]
        void = [r for r in of_case if not isinstance(r.fact, EntitlementApplied)]
        fields = annulment_fields(void, actor.subject, caused_by)
        rejected = EntitlementFactsAnnulled(unit_id=case.subject, reason=EntitlementAnnulment.CASE_REJECTED, **fields)
        tx.append(stream_of(case.subject), rejected)
        about = _Register.of(tx, case.subject).about
        reconcile_entitlements(tx, case.subject, about, self.documents.in_unit(tx))


def _own(tx: Tx, unit: UUID) -> UnitEntitlements:
    return fold(timeline(tx.load(stream_of(unit))))
