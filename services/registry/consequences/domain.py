"""What of an act is shown beforehand, and whether what is carried out is what was shown. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from contracts.consequences import ConsequenceLine
from contracts.facts import Fact, HouseholdFact, LogPosition, Recorded
from contracts.registry.consequences import ConsequencesKept, ConsequencesShown
from services.chassis.ground.refusals import Refused, rule

NOT_SHOWN = rule(
    "consequences_not_shown",
    zh="所注明的后果清单不是本人就这一办理内容所看的；请以现在填写的内容重新查看后果，再办理。",
    en="The consequences named were not shown to this account for what is sent here: have them shown for it as it is filled in now,"
    " then send it.",
    source="docs/decisions/0058-consequences-are-shown-before-it-is-decided.md",
)
SHOWN_OTHERWISE = rule(
    "consequences_shown_otherwise",
    zh="自查看后果以来登记有变化，现在办理将记录的与当时所示不同；请重新查看后果，再办理。",
    en="The register has changed since the consequences were shown, so that something else would be recorded now: have them shown anew,"
    " then send it.",
    source="docs/decisions/0058-consequences-are-shown-before-it-is-decided.md",
)


def stream_of(household_id: UUID) -> str:
    return f"consequences-{household_id}"


def household_of(facts: Iterable[Recorded]) -> UUID | None:
    """The household that an act is about: that of its first fact."""
    return next((of for r in facts if (of := getattr(r.fact, "household_id", None)) is not None), None)


def case_of(facts: Iterable[Recorded]) -> UUID | None:
    return next((case for r in facts if (case := getattr(r.fact, "case_id", None)) is not None), None)


def types_of(facts: Iterable[Recorded]) -> tuple[str, ...]:
    """Of those about households, from which something follows: a notice may be closed by its timer meanwhile."""
    return tuple(r.fact.type_name for r in facts if isinstance(r.fact, HouseholdFact))


def digest_of(
    answered: Sequence[LogPosition], away: Sequence[str], elsewhere: int, lines: Sequence[ConsequenceLine]
) -> str:
    """SHA-256, in hexadecimal, of all that is shown."""
    shown = {"answered": answered, "away": away, "elsewhere": elsewhere, "lines": lines}
    return hashlib.sha256(msgspec.json.encode(shown, order="sorted")).hexdigest()


def require_shown(shown: Fact | None, account: str, act: str, request: str) -> ConsequencesShown:
    """Raises ``Refused`` where this was not shown to that account for that request."""
    if not isinstance(shown, ConsequencesShown) or (shown.entered_by, shown.act, shown.request) != (
        account,
        act,
        request,
    ):
        raise Refused(NOT_SHOWN)
    return shown


def kept_with(shown: Recorded, done: Sequence[Recorded]) -> ConsequencesKept:
    """What stands beside the facts of a command whose sender was shown this. Raises ``Refused``."""
    fact: Any = shown.fact
    if types_of(done) != fact.would_record:
        raise Refused(SHOWN_OTHERWISE)
    return ConsequencesKept(
        household_id=fact.household_id, effective_on=max(r.fact.effective_on for r in done), entered_by=fact.entered_by,
        case_id=fact.case_id, shown=shown.id, sha256=fact.sha256, away=fact.away,
    )  # fmt: skip
