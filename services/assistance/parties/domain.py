"""A party: what it is, and from when to when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.assistance.parties import PEOPLE, PartyEntered, PartyLeft
from contracts.civil import civil_day
from contracts.facts import Recorded
from services.casework.dates import require_not_future
from services.chassis.ground.refusals import Refused, rule

PREFIX = "party-"
NAME_OR_NUMBER = rule(
    "party_name_or_number",
    zh="单位登记名称，个人只登记编号（不登记姓名）；请据此填写 name 或 number。",
    en="An organisation is entered by its name, a person by a number and never by name; fill in `name` or `number` accordingly.",
    source="docs/privacy.md",
)
ENTERED_ALREADY = rule(
    "party_entered_already",
    zh="该地已登记有同类同名（同编号）的单位（人员），编号见 party_id；请使用该编号，不要重复登记。",
    en="A party of this kind and name (or number) is entered there already; use its id (`party_id`) and enter it no second time.",
    source="docs/decisions/0124-what-the-second-look-at-aid-loans-and-pairs-found.md",
)
LEFT_ALREADY = rule(
    "party_left_already",
    zh="该单位（人员）已注销，无须再次办理；请核对编号。",
    en="This party has left already; check its id.",
    source="docs/decisions/0083-pairs-are-documents.md",
)
LEFT_BEFORE_IT_CAME = rule(
    "party_left_before_it_came",
    zh="注销日期不能早于登记日期；请核对日期。",
    en="It cannot leave before the day on which it came; check the day.",
    source="Lika design: two times",
)


@dataclass(frozen=True, slots=True)
class Party:
    """``until``: the first day without it; ``known_on``: when it was recorded; ``fact``: id of what entered it."""

    entered: PartyEntered
    fact: str
    known_on: date
    until: date | None = None


def stream_of(party_id: UUID) -> str:
    return f"{PREFIX}{party_id}"


def party(timeline: Iterable[Recorded]) -> Party | None:
    found: Party | None = None
    for recorded in timeline:
        match recorded.fact:
            case PartyEntered() as entered:
                found = Party(entered, recorded.id, civil_day(recorded.recorded_at))
            case PartyLeft(effective_on=day) if found is not None:
                found = replace(found, until=day)
    return found


def require_named_rightly(entered: PartyEntered, today: date) -> None:
    """Raises ``Refused``."""
    require_not_future(entered.effective_on, today)
    by_number = entered.kind in PEOPLE
    if (entered.number is not None) is not by_number or (entered.name is None) is not by_number:
        raise Refused(NAME_OR_NUMBER, kind=entered.kind)


def leave(state: Party, left: PartyLeft, today: date) -> PartyLeft:
    """Raises ``Refused``."""
    require_not_future(left.effective_on, today)
    if state.until is not None:
        raise Refused(LEFT_ALREADY, since=state.until.isoformat())
    if left.effective_on < state.entered.effective_on:
        raise Refused(LEFT_BEFORE_IT_CAME, since=state.entered.effective_on.isoformat())
    return left
