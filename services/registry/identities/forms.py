"""What a correction of an identity says, as the terms of its application, and its answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError, model_validator

from contracts.personal import Personal
from contracts.registry.codes import DocumentKind, NoDocumentReason
from contracts.registry.identities import IdentityCorrectionApplied
from contracts.registry.members import Relation, Sex
from services.casework.procedures.matters import TERMS_MALFORMED
from services.chassis.ground.refusals import Refused
from services.chassis.web.form_errors import FormError
from services.chassis.web.text_fields import Name, TypedDay
from services.registry.households.identity_documents import IdentityDocument
from services.registry.households.member_answers import masked
from services.registry.households.member_forms import IdentifiedForm, document_fields


class IdentityTerms(IdentifiedForm):
    """What is left out stays as it is. ``correct_from``: since when the person is what is said; since they first were on record,
    where it is left out. A document of kind none with a reason takes a number away."""

    person_id: UUID
    correct_from: TypedDay | None = None
    name: Name | None = None
    sex: Sex | None = None
    birth_year: int | None = Field(default=None, ge=1880, le=2200)
    relation: Relation | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        given = (self.name, self.id_number, self.document, self.sex, self.birth_year, self.relation)
        if all(value is None for value in given):
            raise FormError("请填写要更正的内容，至少一项", "a correction says what is to be corrected")
        return self

    def corrected(self, document: IdentityDocument | None) -> dict[str, Any]:
        """The fields of a fact, personal values plain. ``document``: as it was read."""
        said = {"sex": self.sex, "birth_year": self.birth_year, "relation": self.relation}
        return {**said, "name": None if self.name is None else Personal(self.name), **document_fields(document)}

    @classmethod
    def read(cls, terms: Mapping[str, Any]) -> Self:
        """Raises ``Refused`` where they are malformed; what was sent is never repeated."""
        try:
            return cls.model_validate(dict(terms))
        except ValidationError as invalid:
            malformed = sorted({str(e["loc"][0]) for e in invalid.errors() if e["loc"]})
            raise Refused(TERMS_MALFORMED, known=tuple(cls.model_fields), malformed=malformed) from None


class IdentityCorrectionAnswer(BaseModel):
    """What a correction asks for; personal values are masked, a disclosure opens them. Null: stays as it is."""

    case_id: UUID
    household_id: UUID
    person_id: UUID
    correct_from: date | None
    name: str | None
    document_kind: DocumentKind | None
    id_number: str | None
    no_document_reason: NoDocumentReason | None
    sex: Sex | None
    birth_year: int | None
    relation: Relation | None

    @classmethod
    def of(cls, applied: IdentityCorrectionApplied) -> Self:
        fields = {name: getattr(applied, name) for name in cls.model_fields}
        return cls(**{**fields, "name": masked(applied.name), "id_number": masked(applied.id_number)})
