"""Programmes, typed: one document is one edition of one benefit in one jurisdiction.

::

    programme: boarding_allowance
    unit: pupil
    eligibility: [{is: registered}, {is: in_school}]
    components:
      - key: primary
        stages: [primary]
        only: [{is: boarder}]
        payee: person
        period: school_year
        rates:
          - {from: 2014-01-01, to: null, amount: {kind: rate, yuan: "1000"}}

Another county's rule for the same label is an edition of its own, in its own jurisdiction (source facts §5 rule 23).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from contracts.assistance.programmes import PayeeKind, UnitKind
from contracts.registry.codes import SchoolStage
from services.assistance.programmes.amounts.counted import Collected
from services.assistance.programmes.amounts.kinds import UNSETTLED, Amount
from services.assistance.programmes.amounts.moneyless import Exemption, Masked, Unknown
from services.assistance.programmes.amounts.rates import By, Supplement, Table
from services.assistance.programmes.follows import Follows
from services.assistance.programmes.predicates import InSchool, InStage, Predicate
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.law.content import DocumentError

KIND = "programme"
OF_PERSONS = frozenset({UnitKind.PERSON, UnitKind.PUPIL, UnitKind.WORKER})
IN_REGISTER = OF_PERSONS | {UnitKind.HOUSEHOLD}
NEVER_TO = frozenset({PayeeKind.PERSON, PayeeKind.HOUSEHOLD})


class _DocumentPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document: every unknown or missing key is an error."""


class Cadence(StrEnum):
    """For which periods a component is due."""

    MONTH = "month"
    TERM = "term"
    HALF_YEAR = "half_year"
    SCHOOL_YEAR = "school_year"
    YEAR = "year"
    ONCE = "once"


class Lasts(StrEnum):
    """With what a grant ends by itself."""

    HALF_YEAR = "half_year"
    SCHOOL_YEAR = "school_year"
    YEAR = "year"


class Raised(StrEnum):
    """What a later rate does to what was granted before."""

    AS_GRANTED = "as_granted"
    FROM_ITS_DAY = "from_its_day"  # a period that begins under it is due at it; adopted late, on an occasion of its own


class Pays(StrEnum):
    """Which county pays, where a unit lives elsewhere than it was granted (M022)."""

    RESIDENCE = "residence"
    GRANTING = "granting"


class DatedAmount(_DocumentPart, frozen=True, kw_only=True):
    """From and to, both included. ``source``: where another paper than the programme's says it."""

    starts: date = msgspec.field(name="from")
    ends: date | None = msgspec.field(name="to")
    amount: Amount
    source: Label | None = None

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


class Component(_DocumentPart, frozen=True, kw_only=True):
    """A part of a programme that is due and paid by itself. ``stages``: of pupils, none for all; ``only``: what it asks besides."""

    key: Key
    zh: Label
    en: Label
    payee: PayeeKind
    period: Cadence
    stages: tuple[SchoolStage, ...] = ()
    only: tuple[Predicate, ...] = ()
    raised: Raised = Raised.AS_GRANTED
    rates: Annotated[tuple[DatedAmount, ...], msgspec.Meta(min_length=1, max_length=100)]

    def rate_on(self, day: date) -> DatedAmount | None:
        """``None``: not yet, or no longer."""
        return next((rate for rate in self.rates if rate.holds_on(day)), None)

    def pays_on(self, day: date) -> bool:
        """Whether an amount is known for what begins on that day, or can be decided for a case."""
        rate = self.rate_on(day)
        return rate is not None and not isinstance(rate.amount, Masked | Unknown)

    def is_for(self, stage: SchoolStage) -> bool:
        return not self.stages or stage in self.stages


class PriorityGroup(_DocumentPart, frozen=True, kw_only=True):
    """Who comes before others where there is not enough for all."""

    zh: Label
    en: Label
    of: Annotated[tuple[Predicate, ...], msgspec.Meta(min_length=1)]


class Fund(_DocumentPart, frozen=True, kw_only=True):
    """Where the money comes from. ``posted``: its use-notice must hang before any of it is paid (§5 rule 31)."""

    zh: Label
    en: Label
    posted: bool


class Quota(_DocumentPart, frozen=True, kw_only=True):
    """At most so many units at once; who comes later waits in the order of priority and application."""

    units: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class Gap(_DocumentPart, frozen=True, kw_only=True):
    """What the paper leaves open."""

    zh: Label
    en: Label


class Programme(_DocumentPart, frozen=True, kw_only=True):
    """One edition of one programme. ``outside``: units outside of the register, too; ``granted_by``: the procedure, none
    where nobody applies; ``lasts``: a grant ends with the period in which it was decided and is applied for anew, none where it
    goes on; ``school_year_month``: on whose first day a school year begins."""

    programme: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    unit: UnitKind
    outside: bool = False
    eligibility: tuple[Predicate, ...]
    priority: tuple[PriorityGroup, ...] = ()
    components: Annotated[tuple[Component, ...], msgspec.Meta(min_length=1, max_length=50)]
    follows: Follows
    pays: Pays = Pays.RESIDENCE
    granted_by: Key | None = None
    lasts: Lasts | None = None
    fund: Fund | None = None
    quota: Quota | None = None
    gaps: tuple[Gap, ...] = ()
    school_year_month: Annotated[int, msgspec.Meta(ge=1, le=12)] = 9
    basis: str | None = None

    def component(self, key: str) -> Component | None:
        """``None`` where this edition has no such component."""
        return next((component for component in self.components if component.key == key), None)

    @property
    def is_of_persons(self) -> bool:
        return self.unit in OF_PERSONS

    @property
    def is_of_pupils(self) -> bool:
        """Whether only somebody in school can have it."""
        return any(isinstance(predicate, InSchool | InStage) for predicate in self.eligibility)

    @property
    def is_listed(self) -> bool:
        """Whether it asks of units no more than lists of them have."""
        asked = (
            *self.eligibility,
            *(p for c in self.components for p in c.only),
            *(p for g in self.priority for p in g.of),
        )
        return all(predicate.is_listed for predicate in asked)

    def is_settled(self) -> bool:
        """Whether it says all that is needed to pay."""
        return not any(isinstance(rate.amount, UNSETTLED) for c in self.components for rate in c.rates)


def programme_from(content: Mapping[str, Any]) -> Programme:
    """The programme in this document. Raises ``msgspec.ValidationError``, and ``DocumentError`` for parts that do not fit
    together."""
    programme = msgspec.convert(content, Programme)
    if programme.unit not in IN_REGISTER and not programme.outside:
        raise DocumentError(
            ("unit",),
            f"登记册没有{programme.unit}这种对象；不在册的请写 `outside: true`",
            f"a {programme.unit} is no unit of the register: say `outside: true`",
        )
    keys = [component.key for component in programme.components]
    for number, component in enumerate(programme.components):
        at = ("components", number)
        if component.key in keys[:number]:
            raise DocumentError(
                (*at, "key"), "每个组成部分的 key 不能相同，请改名", "every component needs a key of its own"
            )
        if component.stages and programme.unit not in OF_PERSONS:
            raise DocumentError(
                (*at, "stages"), f"{programme.unit}没有学段，请删去 stages", f"a {programme.unit} is in no school stage"
            )
        for place, rate in enumerate(component.rates):
            _require_fitting(programme, component, rate, (*at, "rates", place), component.rates[:place], keys)
    return programme


def _require_fitting(
    programme: Programme, component: Component, rate: DatedAmount, at: tuple[str | int, ...],
    before: Sequence[DatedAmount], keys: Sequence[str],
) -> None:  # fmt: skip
    if rate.ends is not None and rate.ends < rate.starts:
        raise DocumentError((*at, "to"), "结束早于开始，请更正", "ends before it begins")
    for other in before:
        if other.holds_on(rate.starts) or rate.holds_on(other.starts):
            raise DocumentError(
                (*at, "from"),
                f"与自{other.starts}起的标准重叠；请使较早的一条在前一日结束",
                f"overlaps the rate from {other.starts}",
            )
    match rate.amount:
        case Exemption() if component.payee in NEVER_TO:
            raise DocumentError(
                (*at, "amount"),
                "减免只与学校、食堂或医院结算，不发现金；请改 paid_to 或金额种类",
                "an exemption is settled with a school, canteen or hospital, never in cash",
            )
        case Supplement(to=to) if to == component.key or to not in keys:
            raise DocumentError(
                (*at, "amount", "to"), f"没有名为{to}的其他组成部分，请核对 key", f"no other component is called {to}"
            )
        case Table(by=By.STAGE) if programme.unit not in OF_PERSONS:
            raise DocumentError(
                (*at, "amount", "by"),
                f"{programme.unit}没有学段，不能按学段计算",
                f"a {programme.unit} is in no school stage",
            )
        case Collected() if component.period is not Cadence.ONCE:
            raise DocumentError(
                (*at, "amount"),
                "为他人代收的只到期一次，请把周期改为一次",
                "what is collected for somebody is due once",
            )
        case _:
            pass
