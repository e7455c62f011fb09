"""Documents that say whom a kind of post is for and on what terms. A kind more is a document."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import msgspec

from services.assistance.programmes.predicates import Predicate
from services.casework.documents.lookup import Lookup
from services.casework.procedures.competent_office import DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.law.content import DocumentError
from services.chassis.law.dated import NotInForce, UnknownName

KIND = "post_kind"
Months = Annotated[int, msgspec.Meta(ge=1, le=120)]


class PriorityGround(DocumentPart, frozen=True, kw_only=True):
    """On which ground somebody comes first, where more are proposed than there are places: ``all_of`` it holds of them."""

    code: Key
    zh: Label
    en: Label
    all_of: Annotated[tuple[Predicate, ...], msgspec.Meta(min_length=1, max_length=10)]


class PostKind(DocumentPart, frozen=True, kw_only=True):
    """``eligibility``: as of the day of placement; ``public_post``: bought by the government (公益性岗位), so that attendance is told by
    the month; ``one_per_household``: among all such posts; ``term_months``: at most so long; ``kept_after``: months after which it is
    asked whether the job is kept; ``paid_by``: the programme that pays; ``priorities``: who comes first, in order, and on one ground
    the older first."""

    post_kind: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    basis: str | None = None
    in_force: InForce
    eligibility: tuple[Predicate, ...] = ()
    full_time: bool = True
    public_post: bool = False
    one_per_household: bool = False
    term_months: Months | None = None
    kept_after: tuple[Months, ...] = (3, 6)
    paid_by: Key | None = None
    priorities: Annotated[tuple[PriorityGround, ...], msgspec.Meta(max_length=20)] = ()


def post_kind_from(content: Mapping[str, Any]) -> PostKind:
    """Raises ``msgspec.ValidationError``, and ``DocumentError`` for parts that do not fit together."""
    kind = msgspec.convert(content, PostKind)
    if kind.one_per_household and not kind.public_post:
        raise DocumentError(
            ("one_per_household",),
            "只有公益性岗位限每户一个，请删去这一项",
            "only public posts are limited to one for each household",
        )
    if len({ground.code for ground in kind.priorities}) != len(kind.priorities):
        raise DocumentError(("priorities",), "同一代码只列一次，请删去重复的", "every code is listed once")
    return kind


def kind_in_force(lookup: Lookup, key: str, day: date, division: str) -> PostKind | None:
    try:
        return lookup.in_force(KIND, key, day, division).typed(post_kind_from)
    except (NotInForce, UnknownName):
        return None
