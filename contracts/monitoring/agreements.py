"""Facts about agreements (service, collective, wage and investment contracts). Stream ``agreement-<uuid>``. Parties are
organisations: nobody is named. That one has expired is no fact: its term says so."""

from datetime import date
from uuid import UUID

import msgspec

from contracts.facts import Fact, published
from contracts.quantities import Quantity, Yuan


class AgreementParty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``role``: one of those that the document of its kind lists; ``name``: of the organisation, in full."""

    role: str
    name: str


class AgreedClause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What is due: so much in each period of so many months since the term began; once in the term where none are said."""

    clause: str
    quantity: Quantity
    every_months: int | None = None


class AgreementTerm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """From a day to a day, both included. ``units``, ``persons``: whom it covers, two figures; ``amount``: what is paid for all that
    is done in it, in yuan."""

    number: str
    starts_on: date
    until: date
    units: int | None = None
    persons: int | None = None
    amount: Yuan | None = None
    clauses: tuple[AgreedClause, ...] = ()


class AgreementFact(Fact, frozen=True, kw_only=True):
    """A fact of one agreement."""

    agreement_id: UUID


@published("AgreementSigned")
class AgreementSigned(AgreementFact, frozen=True, kw_only=True):
    """Signed on its effective day. ``kind``: key of the document that says what agreements of the kind need; ``way``: how it came
    about, by tender or commission, where the document asks."""

    division: str
    kind: str
    title: str
    way: str | None
    parties: tuple[AgreementParty, ...]
    term: AgreementTerm


@published("AgreementRenewed")
class AgreementRenewed(AgreementFact, frozen=True, kw_only=True):
    """Another term is signed; the former ends the day before it begins, if it had not ended yet."""

    term: AgreementTerm


@published("AgreementEnded")
class AgreementEnded(AgreementFact, frozen=True, kw_only=True):
    """It holds no longer from its effective day on; of one that has expired, that it is not renewed."""

    reason: str


@published("AgreementDelivered")
class AgreementDelivered(AgreementFact, frozen=True, kw_only=True):
    """So much of a clause was done, or paid, on its effective day."""

    clause: str
    quantity: Quantity


@published("AgreementActsAnnulled")
class AgreementActsAnnulled(AgreementFact, frozen=True, kw_only=True):
    """The acts named were wrong, or an annulment of some was."""

    reason: str


@published("AgreementBaseTold")
class AgreementBaseTold(Fact, frozen=True, kw_only=True):
    """How many units and persons there are in a division in all, of which agreements of a kind cover some: as told, since its
    effective day. Stream ``agreement-base-<kind>-<division>``."""

    division: str
    kind: str
    units: int
    persons: int
