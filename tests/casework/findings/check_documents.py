"""Editions of check rules of households, for tests: strict, so that ordinary households give findings."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.casework.documents import DocumentProposed, DocumentWithdrawn
from contracts.facts import Fact, Recorded
from services.casework.documents.domain import Register
from services.casework.documents.editions import STREAM
from services.casework.documents.first_texts import adoption_facts
from services.casework.documents.kinds import checked, proposal_of
from services.casework.findings import document as check_rules
from services.registry.findings.store import CHECKS

KINDS = {check_rules.KIND: check_rules.check_rules_of({CHECKS.key: CHECKS.limits})}
OFFICE = {"level": "township", "role": "reviewer"}
STRICT: dict[str, dict[str, int]] = {
    "head_too_young": {"min_age": 47},
    "spouse_too_young": {"min_age": 50},
    "age_implausible": {"max_age": 47},
    "generation_gap_too_small": {"min_years": 20},
    "too_old_for_school": {
        "preschool": 6, "primary": 15, "junior": 20, "senior": 30, "vocational": 40, "college": 46,
    },
    "several_spouses": {"most": 1},
    "too_many_members": {"most": 2},
}  # fmt: skip


def content(
    edition: str,
    place: str = "CN",
    since: str = "2014-01-01",
    until: str | None = None,
    rules: Mapping[str, Any] | None = None,
) -> Any:
    """A document that asks all rules strictly; ``rules``: terms of single ones that are others."""
    listed = {
        code: {
            "zh": "某规则", "en": "a rule", "source": "a paper", "severity": "warning", "owner": OFFICE,
            "answer_within_days": 30, "limits": limits, **(rules or {}).get(code, {}),
        }
        for code, limits in STRICT.items()
    }  # fmt: skip
    return {
        "check_rules": CHECKS.key, "edition": edition, "zh": "核查规则", "en": "check rules", "jurisdiction": place,
        "source": "a paper", "rules": listed,
        "in_force": {"from": date.fromisoformat(since), "to": until and date.fromisoformat(until)},
    }  # fmt: skip


def proposal(document: Any) -> DocumentProposed:
    return proposal_of(checked(document, KINDS), "operator-1")


def adopted(*documents: Any, log: str = "registry", after: int = 0) -> list[Fact]:
    """Facts by which these documents are adopted, as they follow in the stream after a version."""
    return adoption_facts(log, [proposal(document) for document in documents], after)


def withdrawn(document: str, adoption: str, on: date) -> DocumentWithdrawn:
    return DocumentWithdrawn(
        effective_on=on, entered_by="operator-2", document=document, reason="wrong", annuls=(adoption,)
    )


def register_of(*facts: tuple[datetime, Fact]) -> Register:
    """A register in which each fact was recorded at its instant."""
    return Register(
        [
            Recorded("registry", n, STREAM, n, at, UUID(int=n), fact.entered_by, fact, b"")
            for n, (at, fact) in enumerate(facts, start=1)
        ]
    )


def changing_register(start: datetime) -> Register:
    """A national edition that was always there, one of a township with other limits from the middle of 2016 on, adopted ten
    days after the start and withdrawn fifty days later, and a national one of 2017 that drops a rule."""
    long_ago = datetime(2010, 1, 1, tzinfo=UTC)
    other = {
        "head_too_young": {"limits": {"min_age": 60}},
        "too_many_members": {"limits": {"most": 1}},
        "age_implausible": {"asked": False},
    }
    local = content("local", "990000001", "2016-04-01", "2017-02-01", other)
    later = content("2017", since="2017-01-01", rules={"several_spouses": {"asked": False}})
    first = adopted(content("2014"))
    second = adopted(local, later, after=len(first))
    end = withdrawn("registry/documents/3", "registry/documents/4", start.date())
    return register_of(
        *((long_ago + timedelta(n), fact) for n, fact in enumerate(first)),
        *((start + timedelta(days=10, seconds=n), fact) for n, fact in enumerate(second)),
        (start + timedelta(days=60), end),
    )
