"""Decisions about agreements, pure: a proposed fact, what stands of the agreement, the document of its kind and today give the facts
to append, or a refusal."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from contracts.facts import Fact, Recorded
from contracts.monitoring import agreements as facts
from contracts.monitoring.agreements import AgreedClause, AgreementTerm
from contracts.quantities import Quantity
from contracts.selection import surviving, timeline
from services.casework.dates import months_later, require_not_future
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.monitoring.agreements import rules
from services.monitoring.agreements.kinds import AgreementKind
from services.monitoring.agreements.state import Agreement, fold
from services.monitoring.labels import is_truncated
from services.monitoring.projects.drafts import require_countable

MONTHS = 12


def sign(proposed: facts.AgreementSigned, kind: AgreementKind, today: date) -> list[Fact]:
    require_not_future(proposed.effective_on, today)
    roles = [party.role for party in proposed.parties]
    if sorted(roles) != sorted(party.key for party in kind.parties):
        raise Refused(rules.PARTY_MISSING, parties=[party.key for party in kind.parties])
    if cut := [party.role for party in proposed.parties if is_truncated(party.name)]:
        raise Refused(rules.PARTY_TRUNCATED, parties=cut)
    ways = [way.key for way in kind.ways]
    if (proposed.way is None) is bool(ways) or (proposed.way is not None and proposed.way not in ways):
        raise Refused(rules.WAY_UNCLEAR, ways=ways)
    require_term(proposed.term, kind)
    require_papers(proposed, kind)
    return [proposed]


def renew(proposed: facts.AgreementRenewed, agreement: Agreement, kind: AgreementKind, today: date) -> list[Fact]:
    """Before the former term is over or after it; one of several terms may be told late."""
    require_not_future(proposed.effective_on, today)
    begins = proposed.term.starts_on
    if agreement.ended_on is not None and begins >= agreement.ended_on:
        raise Refused(rules.ENDED, since=agreement.ended_on)
    require_term(proposed.term, kind)
    if begins <= agreement.terms[0].starts_on or begins in {term.starts_on for term in agreement.terms}:
        raise Refused(rules.TERM_OVERLAPS, since=agreement.terms[0].starts_on)
    require_papers(proposed, kind)
    return [proposed]


def end(proposed: facts.AgreementEnded, agreement: Agreement, today: date) -> list[Fact]:
    """While it is in force; of one that has expired it says that nothing follows."""
    require_not_future(proposed.effective_on, today)
    if agreement.ended_on is not None:
        raise Refused(rules.ENDED, since=agreement.ended_on)
    if proposed.effective_on < agreement.terms[-1].starts_on:
        raise Refused(rules.NOT_IN_FORCE, day=proposed.effective_on)
    if not proposed.evidence:
        raise Refused(rules.EVIDENCE_MISSING, missing=["termination"])
    return [proposed]


def deliver(proposed: facts.AgreementDelivered, agreement: Agreement, today: date) -> list[Fact]:
    require_not_future(proposed.effective_on, today)
    clause = require_clause(proposed, agreement)
    if clause.quantity.unit is not proposed.quantity.unit:
        raise Refused(rules.UNIT_DIFFERS, expected=clause.quantity.unit, reported=proposed.quantity.unit)
    require_countable(proposed.quantity)
    if not proposed.evidence:
        raise Refused(rules.EVIDENCE_MISSING, missing=["delivery"])
    return [proposed]


def tell_base(proposed: facts.AgreementBaseTold, kind: AgreementKind, today: date) -> list[Fact]:
    require_not_future(proposed.effective_on, today)
    if kind.covers is None:
        raise Refused(rules.COVERS_NOBODY)
    if not proposed.evidence:
        raise Refused(rules.EVIDENCE_MISSING, missing=["statistics"])
    return [proposed]


def annul(proposed: facts.AgreementActsAnnulled, of_agreement: Sequence[Recorded], today: date) -> list[Fact]:
    """Acts, or an annulment of some, which restores them; a wrongly signed one with all that rests on it."""
    require_not_future(proposed.effective_on, today)
    standing = {r.id for r in surviving(of_agreement)}
    if not proposed.annuls or not set(proposed.annuls) <= standing:
        raise Refused(rules.ACT_NOT_STANDING, facts=sorted(set(proposed.annuls) - standing))
    return [proposed]


def require_standing(of_agreement: Sequence[Recorded]) -> None:
    """What stands after an act or an annulment rests on what stands. Raises ``Refused``."""
    left = timeline(of_agreement)
    agreement = fold(left)
    astray = [
        r.id for r in left
        if not isinstance(r.fact, facts.AgreementSigned | facts.AgreementActsAnnulled)
        and (agreement is None or not _rests(r.fact, agreement))
    ]  # fmt: skip
    if astray:
        raise Refused(rules.LATER_ACT_RESTS, facts=astray)


def require_known(of_agreement: Sequence[Recorded]) -> Agreement:
    """Raises ``NOT_FOUND`` where it was never signed, or that is void."""
    agreement = fold(timeline(of_agreement))
    if agreement is None:
        raise Refused(NOT_FOUND)
    return agreement


def require_term(term: AgreementTerm, kind: AgreementKind) -> None:
    if term.until < term.starts_on:
        raise Refused(rules.ENDS_EARLY, until=term.until)
    if term.until >= months_later(term.starts_on, kind.longest_years * MONTHS):
        raise Refused(rules.TOO_LONG, years=kind.longest_years)
    told = term.units is not None, term.persons is not None
    if told != ((True, True) if kind.covers else (False, False)):
        raise Refused(rules.COVERAGE_UNCLEAR)
    keys = [clause.clause for clause in term.clauses]
    unknown = [key for key in keys if kind.clause(key) is None]
    if unknown or len(set(keys)) < len(keys):
        raise Refused(rules.CLAUSE_UNKNOWN, clauses=unknown or keys)
    if missing := [each.key for each in kind.clauses if each.required and each.key not in keys]:
        raise Refused(rules.CLAUSE_MISSING, missing=missing)
    for clause in term.clauses:
        _require_clause_terms(clause, kind)


def require_papers(fact: Fact, kind: AgreementKind) -> None:
    cited = {paper.kind for paper in fact.evidence}
    if missing := [paper for paper in kind.evidence if paper not in cited]:
        raise Refused(rules.EVIDENCE_MISSING, missing=missing)


def require_clause(proposed: facts.AgreementDelivered, agreement: Agreement) -> AgreedClause:
    """Of the term in which that day is."""
    term = agreement.term_on(proposed.effective_on)
    if term is None:
        raise Refused(rules.NOT_IN_FORCE, day=proposed.effective_on)
    clause = next((each for each in term.clauses if each.clause == proposed.clause), None)
    if clause is None:
        raise Refused(rules.CLAUSE_UNKNOWN, clauses=[proposed.clause])
    return clause


def share(part: int, whole: int | None) -> Decimal | None:
    """Four decimals, rounded down: what is short of a least share by one stays short."""
    return None if not whole else Decimal(part * 10_000 // whole) / 10_000


def _require_clause_terms(clause: AgreedClause, kind: AgreementKind) -> None:
    asked = kind.clause(clause.clause)
    assert asked is not None
    if clause.quantity.unit is not asked.unit:
        raise Refused(rules.UNIT_DIFFERS, expected=asked.unit, reported=clause.quantity.unit)
    require_countable(Quantity(amount=clause.quantity.amount, unit=clause.quantity.unit))
    most = asked.at_most_every_months
    if most is not None and (clause.every_months is None or clause.every_months > most):
        raise Refused(rules.CLAUSE_TOO_SELDOM, clauses=[clause.clause], months=most)


def _rests(fact: Fact, agreement: Agreement) -> bool:
    match fact:
        case facts.AgreementDelivered():
            term = agreement.term_on(fact.effective_on)
            return term is not None and any(
                c.clause == fact.clause and c.quantity.unit is fact.quantity.unit for c in term.clauses
            )
        case facts.AgreementEnded():
            return agreement.ended_on == fact.effective_on and agreement.terms[-1].starts_on <= fact.effective_on
    return True
