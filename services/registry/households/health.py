"""Health and disability of a member: what codes, a disabled person's card and the columns beside it say together. Pure."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from contracts.registry.codes import DisabilityCategory, DocumentKind, Health
from services.chassis.ground.labels import LABELS
from services.chassis.ground.refusals import Refused, rule
from services.registry.households.identity_documents import IdentityDocument, parse_document
from services.registry.households.resident_id import ResidentId

HEALTH_CONTRADICTS = rule(
    "health_contradicts_itself",
    zh="“健康”不能与慢性病、大病、残疾同时填写：请只保留属实的一项。",
    en="Healthy does not go with an illness or a disability: leave out the one that is not so.",
    source="全国扶贫开发信息系统采集表（健康状况）",
    status=422,
)
CARD_CONTRADICTS = rule(
    "disability_card_contradicts",
    zh="残疾人证号与证件号码、残疾类别或残疾等级不符：证号前 18 位是身份证号，第 19 位是类别，第 20 位是等级；请核对残疾人证。",
    en="The disabled person's card contradicts the ID number, the kind of disability or its level: its first 18 characters are the"
    " citizen's number, the 19th the kind, the 20th the level. Compare it with the card.",
    source="中华人民共和国残疾人证管理办法；GB/T 26341-2010",
    status=422,
)
HEALTH_IN_ORDER = tuple(Health)
"""Of the form. Going through an enum itself takes longer than all else about a person's health."""


class Disability(NamedTuple):
    """``level``: 0 says that there is none; ``card``: its 20 or 22 characters."""

    level: int | None = None
    category: DisabilityCategory | None = None
    card: str | None = None


def written_health(codes: Collection[Health]) -> str:
    """As facts carry it: the codes in the order of the form, with a comma between them. Raises ``Refused``."""
    if Health.HEALTHY in codes and len(set(codes)) > 1:
        raise Refused(HEALTH_CONTRADICTS)
    return ",".join([code.value for code in HEALTH_IN_ORDER if code in codes])


def category_named(text: str) -> DisabilityCategory | None:
    """The kind of disability that a word for a level begins with, as in 肢体二级."""
    return next((kind for word, kind in _KINDS.items() if text.startswith(word)), None)


def disability_of(said: Disability, document: IdentityDocument | None = None) -> Disability:
    """What was said, and what the card says besides; the card may be the document itself. Raises ``Refused``."""
    citizen = document.citizen if document is not None else None
    read = _card(said.card) or citizen
    if read is None or read.disability_kind is None:
        return said
    found = Disability(read.disability_level, tuple(DisabilityCategory)[read.disability_kind - 1], read.card)
    if citizen is not None and citizen.number != read.number:
        raise Refused(CARD_CONTRADICTS)
    if any(_differ(ours, theirs) for ours, theirs in _pairs(said, found)):
        raise Refused(CARD_CONTRADICTS)
    is_document = document is not None and document.kind is DocumentKind.DISABILITY_CARD
    return found._replace(card=None) if is_document else found


def _card(text: str | None) -> ResidentId | None:
    return None if text is None else parse_document(DocumentKind.DISABILITY_CARD, text).citizen


def _pairs(said: Disability, found: Disability) -> Iterable[tuple[object, object]]:
    return (said.level, found.level), (said.category, found.category)


def _differ(ours: object, theirs: object) -> bool:
    return ours is not None and ours != theirs


_KINDS = {LABELS.code(kind).zh.removesuffix("残疾"): kind for kind in DisabilityCategory}
