"""Documents that people show who they are by: each kind has its own form of number, its check, and its claim."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.registry.codes import DocumentKind, NoDocumentReason
from contracts.registry.members import Sex
from services.chassis.ground.refusals import Refused, rule
from services.registry.households.resident_id import ResidentId, parse_resident_id, require_consistent

NUMBER_MALFORMED = rule(
    "document_number_malformed",
    zh="号码与所选证件类型（kind）不符：请核对证件类型和号码。",
    en="This is no number of a document of that kind (``kind``): check both against the paper.",
    source="GB 11643-1999; 出入境证件号码规则; 出生医学证明编号规则; 残疾人证管理办法",
)


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """A document that passed the check of its kind. ``number``: as facts carry it, ``None`` for no document at all;
    ``claimed``: the part of it that is one person's, under ``claim_kind``; ``citizen``: the citizen's number in it."""

    kind: DocumentKind
    number: str | None = None
    claimed: str | None = None
    citizen: ResidentId | None = None
    reason: NoDocumentReason | None = None

    def __repr__(self) -> str:
        return f"IdentityDocument({self.kind})"

    @property
    def claim_kind(self) -> str:
        return CLAIM_KINDS[self.kind]

    def require_consistent(self, sex: Sex, birth_year: int) -> None:
        """With what is known of the person. Raises ``Refused``."""
        if self.citizen is not None:
            require_consistent(self.citizen.number, sex, birth_year)


K = DocumentKind
CLAIM_KINDS: Mapping[DocumentKind, str] = {
    **dict.fromkeys((K.RESIDENT_ID, K.RESIDENCE_PERMIT, K.DISABILITY_CARD, K.HOUSEHOLD_REGISTER), K.RESIDENT_ID.value),
    **{kind: kind.value for kind in (K.PASSPORT, K.OFFICER_CARD, K.HOME_RETURN_PERMIT, K.BIRTH_CERTIFICATE)},
}
"""Kind of document → kind of claim: a disabled person's card and the household register carry the citizen's number."""

_RESIDENT_OF_HONG_KONG_MACAO_TAIWAN = ("81", "82", "83")


def _citizen(text: str) -> ResidentId:
    found = parse_resident_id(text)
    if len(text) != len(found.number):
        raise Refused(NUMBER_MALFORMED)
    return found


def _resident_of_hong_kong_macao_taiwan(text: str) -> ResidentId:
    found = _citizen(text)
    if not found.number.startswith(_RESIDENT_OF_HONG_KONG_MACAO_TAIWAN):
        raise Refused(NUMBER_MALFORMED)
    return found


def _disability_card(text: str) -> ResidentId:
    found = parse_resident_id(text)
    if found.disability_kind is None:
        raise Refused(NUMBER_MALFORMED)
    return found


WITH_CITIZENS_NUMBER: Mapping[DocumentKind, Callable[[str], ResidentId]] = {
    K.RESIDENT_ID: _citizen,
    K.HOUSEHOLD_REGISTER: _citizen,
    K.RESIDENCE_PERMIT: _resident_of_hong_kong_macao_taiwan,
    K.DISABILITY_CARD: _disability_card,
}
SHAPES: Mapping[DocumentKind, re.Pattern[str]] = {
    K.PASSPORT: re.compile(r"(?=.*[0-9]{4})([A-Z0-9]{6,12})", re.ASCII),
    K.OFFICER_CARD: re.compile(r"([一-龥]{0,6}[0-9]{5,10})"),
    # The last two of eleven say how often it was issued; the others are the holder's for life.
    K.HOME_RETURN_PERMIT: re.compile(r"([HM][0-9]{8})(?:[0-9]{2})?", re.ASCII),
    K.BIRTH_CERTIFICATE: re.compile(r"([A-Z][0-9]{9})", re.ASCII),
}
"""The group is what is claimed."""


def parse_document(kind: DocumentKind, text: str | None, reason: NoDocumentReason | None = None) -> IdentityDocument:
    """The document with this number, read as numbers are (upper case, no blanks). Raises ``Refused``."""
    if kind is DocumentKind.NONE:
        return IdentityDocument(kind, reason=reason)
    number = (text or "").strip().upper()
    if (parse := WITH_CITIZENS_NUMBER.get(kind)) is not None:
        citizen = parse(number)
        return IdentityDocument(kind, number, citizen.number, citizen)
    if (found := SHAPES[kind].fullmatch(number)) is None:
        raise Refused(NUMBER_MALFORMED, kind=kind)
    return IdentityDocument(kind, number, found[1])


def citizens_id(text: str) -> IdentityDocument:
    """What a number given without its kind is: the citizen's ID, read from the disabled person's card too. Raises ``Refused``."""
    citizen = parse_resident_id(text)
    return IdentityDocument(DocumentKind.RESIDENT_ID, citizen.number, citizen.number, citizen)
