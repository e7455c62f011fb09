"""Facts about pay-lists (发放) and what became of their lines.

Stream ``pay-list-<list_id>`` holds a list: its lines in runs of at most 256, and each outcome once, naming only the lines that
differ. Every sum that a fact names is its own: the identities add what facts say, and compare it with the lines. No personal
field stands here: a beneficiary is an id, and the account is read from the register when the file is made.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.assistance.programmes import PayeeKind
from contracts.facts import Fact, published
from contracts.quantities import Yuan

RUN = 256
"""Lines that one fact names at most."""


class PayMeans(StrEnum):
    """How it is handed over: through the payment platform, or in kind with a delivery note."""

    PLATFORM = "platform"
    DELIVERY = "delivery"


class PayLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``household_id``: of the unit, where it is in the register; ``payee``: the person whose account it goes to, where that is not
    the beneficiary's own; ``because``: id of the fact by which it is due."""

    unit: UUID
    household_id: UUID | None = None
    payee: UUID | None = None
    amount: Yuan
    because: str


class ListFact(Fact, frozen=True, kw_only=True):
    """A fact about one pay-list."""

    list_id: UUID


@published("PayListCompiled")
class PayListCompiled(ListFact, frozen=True, kw_only=True):
    """What is due of periods that begin on or between two days, by ``due_as_of``, as known before ``due_known_at``, and is not paid
    yet: read again with both, the dues give the same list. ``digest``: SHA-256 of the payloads of its runs, in order.
    ``reissues``: the list whose returned lines this one pays again; those were posted and verified there."""

    programme: str
    division: str
    means: PayMeans
    period_from: date
    period_to: date
    due_as_of: date
    due_known_at: datetime
    lines: int
    total: Yuan
    digest: str
    reissues: UUID | None = None


@published("PayLinesListed")
class PayLinesListed(ListFact, frozen=True, kw_only=True):
    """Lines ``first`` and following, of one component, period and occasion."""

    first: int
    component: str
    period_from: date
    period_to: date
    occasion: str
    payee_kind: PayeeKind
    lines: tuple[PayLine, ...]
    total: Yuan


@published("PayListPosted")
class PayListPosted(ListFact, frozen=True, kw_only=True):
    """It hangs from ``effective_on`` through ``last_day``, counted under the document that names its ``days``."""

    days: int
    last_day: date


class StrikeReason(StrEnum):
    OBJECTION_UPHELD = "objection_upheld"
    DIED = "died"
    WRONG_PAYEE = "wrong_payee"
    ENTERED_WRONGLY = "entered_wrongly"


@published("PayLinesStruck")
class PayLinesStruck(ListFact, frozen=True, kw_only=True):
    """These lines are not paid by this list; what was due is unpaid again."""

    lines: tuple[int, ...]
    reason: StrikeReason
    total: Yuan


@published("PayLinesHeld")
class PayLinesHeld(ListFact, frozen=True, kw_only=True):
    """A death was reported (``caused_by``): these lines are not handed over, or are to be stopped at the platform."""

    lines: tuple[int, ...]
    person_id: UUID


@published("PayLinesFreed")
class PayLinesFreed(ListFact, frozen=True, kw_only=True):
    """The report came to nothing: these lines go on."""

    lines: tuple[int, ...]


@published("PayListVerified")
class PayListVerified(ListFact, frozen=True, kw_only=True):
    """The department has verified the list as it hung."""


@published("PayListWithdrawn")
class PayListWithdrawn(ListFact, frozen=True, kw_only=True):
    """The list is not paid: all that it named is unpaid again. ``lines`` and ``total``: of those not struck before."""

    lines: int
    total: Yuan


@published("PaymentsReleased")
class PaymentsReleased(ListFact, frozen=True, kw_only=True):
    """Finance has checked the quota and reserved ``reserved`` of it. ``quota``: id of what grants it, the fact by which a fund
    was declared or the edition of a document; ``fund_document`` and ``order_no``: numbers of the document that posted the money and
    of the treasury's order."""

    quota: str
    fund_document: str
    order_no: str
    reserved: Yuan


@published("PaymentsInstructed")
class PaymentsInstructed(ListFact, frozen=True, kw_only=True):
    """The lines that were neither struck, held nor handed over before were handed to the platform (or to whoever delivers) under
    ``voucher_no``. ``left_out``: lines held; ``control``: code of what was handed over, which the result names."""

    voucher_no: str
    control: str
    left_out: tuple[int, ...]
    lines: int
    total: Yuan


@published("PaymentsSettled")
class PaymentsSettled(ListFact, frozen=True, kw_only=True):
    """Lines ``first`` to ``last`` were credited, or delivered, on ``effective_on``, but for those named in ``but``. ``source``: digest
    of the result file, number of the call-back or of the delivery note."""

    first: int
    last: int
    but: tuple[int, ...]
    lines: int
    total: Yuan
    source: str


class ReturnCause(StrEnum):
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_UNKNOWN = "account_unknown"
    NAME_DIFFERS = "name_differs"
    ACCOUNT_DORMANT = "account_dormant"
    BENEFICIARY_DIED = "beneficiary_died"
    REFUSED_BY_BANK = "refused_by_bank"
    STOPPED = "stopped"


class ReturnedLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    line: int
    cause: ReturnCause


@published("PaymentsReturned")
class PaymentsReturned(ListFact, frozen=True, kw_only=True):
    """The bank returned these lines on ``effective_on``. ``of_settled``: how much of ``total`` was reported as settled before: settled
    is not final."""

    lines: tuple[ReturnedLine, ...]
    total: Yuan
    of_settled: Yuan
    source: str


@published("ResultFileTaken")
class ResultFileTaken(ListFact, frozen=True, kw_only=True):
    """A result file was read to its end. Rows = settled + returned + known already + refused."""

    file_sha256: str
    rows: int
    settled: int
    returned: int
    known: int
    refused: int


@published("PaymentOutcomesAnnulled", rank=99)
class PaymentOutcomesAnnulled(ListFact, frozen=True, kw_only=True):
    """These outcomes (``annuls``) were of other lines: what they name is pending again, or settled as before."""

    reason: str
