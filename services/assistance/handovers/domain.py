"""What of a handover is open, and what may be accepted. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from contracts.assistance.handovers import HandoverClosed, HandoverLineAccepted, HandoverOpened
from contracts.facts import Recorded
from services.assistance.pairs.domain import helper_id
from services.casework.dates import require_not_future
from services.chassis.ground.refusals import Refused, rule

PREFIX = "handover-"
"""How the streams of handovers begin."""
MOST_DAYS = timedelta(days=60)
MADE_SO = "source facts §5 rule 46; docs/decisions/0084-a-leaver-hands-over-line-by-line.md"

NOTHING_IN_HAND = rule(
    "handover_nothing_in_hand",
    zh="此人名下没有帮扶对象，无须移交；请核对账号。",
    en="This person has nobody in hand: there is nothing to hand over; check the account.",
    source=MADE_SO,
)
OPEN_ALREADY = rule(
    "handover_open_already",
    zh="此人的移交正在办理；请在该次移交中接收。",
    en="This person's handover is open already: accept its lines there.",
    source=MADE_SO,
)
TO_ONESELF = rule(
    "handover_to_oneself",
    zh="移交人、接收人（负责人）不能是同一人；请另定接收人。",
    en="One hands over to somebody else; name another.",
    source="source facts §5 rule 46",
)
ACCEPT_BY = rule(
    "handover_accept_by",
    zh="接收期限不早于今天和离任日，且不超过离任后60日；请改期。",
    en="What is handed over is accepted by a day that is neither before today nor before the day of leaving, and within 60 days of it.",
    source=MADE_SO,
)
LINE_NOT_OPEN = rule(
    "handover_line_not_open",
    zh="该事项不在移交清单中，或已有人接收；请重新查看清单。",
    en="This line is not on the list, or somebody accepted it; read the list again.",
    source=MADE_SO,
)
BEYOND_AREA = rule(
    "handover_beyond_area",
    zh="此人名下有本辖区以外的帮扶对象，须由管辖其全部对象的上级单位发起移交。",
    en="This person helps subjects outside your area, too: an office in charge of all of them opens the handover.",
    source=MADE_SO,
)
LEADER_LEAVES = rule(
    "handover_leader_leaves",
    zh="所定负责人本人也在移交，未接收的事项不能落到其名下；请另定负责人。",
    en="The leader named is handing over, too: what nobody accepts cannot fall to them; name another leader.",
    source=MADE_SO,
)
CLOSED = rule(
    "handover_closed",
    zh="该次移交已办结，没有待接收的事项。",
    en="This handover is closed: nothing is left to accept.",
    source=MADE_SO,
)


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A subject whom the leaver helps, by the pair of this number."""

    subject: UUID
    pair: int


@dataclass(frozen=True, slots=True)
class Handover:
    opened: HandoverOpened
    accepted: tuple[HandoverLineAccepted, ...] = ()
    closed: bool = False


def handover_id(account: str) -> UUID:
    """Whoever leaves twice hands over in the same stream."""
    return helper_id(account)


def stream_of(handover: UUID) -> str:
    return f"{PREFIX}{handover}"


def handover(timeline: Iterable[Recorded]) -> Handover | None:
    """The last one."""
    found: Handover | None = None
    for recorded in timeline:
        match recorded.fact:
            case HandoverOpened() as opened:
                found = Handover(opened)
            case HandoverLineAccepted() as accepted if found is not None:
                found = replace(found, accepted=(*found.accepted, accepted))
            case HandoverClosed() if found is not None:
                found = replace(found, closed=True)
    return found


def open_handover(
    opened: HandoverOpened,
    before: Handover | None,
    lines: Collection[Line],
    today: date,
    *,
    leader_leaves: bool = False,
    outside: bool = False,
) -> HandoverOpened:
    """``lines``: those that whoever opens it answers for; ``outside``: there are others. Raises ``Refused``."""
    require_not_future(opened.effective_on, today)
    if opened.leader == opened.helper:
        raise Refused(TO_ONESELF)
    if leader_leaves:
        raise Refused(LEADER_LEAVES)
    if not max(opened.effective_on, today) <= opened.accept_by <= max(opened.effective_on, today) + MOST_DAYS:
        raise Refused(ACCEPT_BY, accept_by=opened.accept_by.isoformat())
    if before is not None and not before.closed:
        raise Refused(OPEN_ALREADY)
    if not lines:
        raise Refused(NOTHING_IN_HAND)
    if outside:
        raise Refused(BEYOND_AREA)
    return opened


def require_open(state: Handover, helper: str, asked: Collection[Line], lines: Collection[Line]) -> None:
    """Raises ``Refused``."""
    if state.closed:
        raise Refused(CLOSED)
    if helper == state.opened.helper:
        raise Refused(TO_ONESELF)
    if missing := sorted(str(line.subject) for line in set(asked) - set(lines)):
        raise Refused(LINE_NOT_OPEN, lines=missing)
