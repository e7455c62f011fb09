"""Request models of a person as a member of a household."""

from typing import Annotated, Any, Self
from uuid import UUID

from msgspec import UNSET
from pydantic import Field, model_validator

from contracts.personal import Personal
from contracts.registry.codes import DocumentKind, LabourSkill, NoDocumentReason, SchoolStage
from contracts.registry.members import Member, Relation, Sex
from services.casework.code_lists.fields import Coded, Word
from services.chassis.web.application import Body
from services.chassis.web.form_errors import FormError
from services.chassis.web.text_fields import Identifier, IdNumber, Name
from services.registry.households.identity_documents import IdentityDocument, citizens_id, parse_document
from services.registry.households.personal_values import MEMBER_PERSONAL_FIELDS
from services.registry.households.profile_forms import ProfileForm

SexField = Annotated[Sex | Word, Coded("sex", tuple(Sex), Sex)]
RelationField = Annotated[Relation | Word, Coded("relation", tuple(Relation), Relation)]
KindField = Annotated[DocumentKind | Word, Coded("document_kind", tuple(DocumentKind), DocumentKind)]
StageField = Annotated[SchoolStage | Word, Coded("school_stage", tuple(SchoolStage), SchoolStage)]
SkillField = Annotated[LabourSkill | Word, Coded("labour_skill", tuple(LabourSkill), LabourSkill)]


class DocumentForm(Body):
    """``number`` for every kind of document but none, which has a ``reason``."""

    kind: KindField
    number: IdNumber | None = None
    reason: NoDocumentReason | None = None

    @model_validator(mode="after")
    def _number_or_reason(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        none = self.kind is DocumentKind.NONE
        known = isinstance(self.kind, DocumentKind)  # a word is looked up first
        if known and (none is (self.number is not None) or none is (self.reason is None)):
            raise FormError("有证件的填写号码，没有证件的填写原因", "a document has a number, and none has a reason")
        return self

    def read(self) -> IdentityDocument:
        """Raises ``Refused``."""
        assert isinstance(self.kind, DocumentKind), "words are looked up before"
        return parse_document(self.kind, self.number, self.reason)


class IdentifiedForm(Body):
    """``id_number``: of the citizen's ID, short for a ``document`` of that kind."""

    id_number: IdNumber | None = None
    document: DocumentForm | None = None

    @model_validator(mode="after")
    def _one_document(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if self.id_number is not None and self.document is not None:
            raise FormError("id_number 和 document 只填写其一", "give id_number or document")
        return self

    def read_document(self) -> IdentityDocument | None:
        """Raises ``Refused`` for a number that none of its kind can have."""
        if self.document is not None:
            return self.document.read()
        return None if self.id_number is None else citizens_id(self.id_number)


def document_fields(document: IdentityDocument | None) -> dict[str, Any]:
    """The fields of a fact, its number plain; none where no document is given."""
    if document is None:
        return {}
    number = None if document.number is None else Personal(document.number)
    return {"document_kind": document.kind, "id_number": number, "no_document_reason": document.reason}


class MemberForm(IdentifiedForm, ProfileForm):
    national_no: Identifier | None = None
    name: Name
    sex: SexField
    birth_year: int = Field(ge=1880, le=2200)
    relation: RelationField
    school_stage: StageField = SchoolStage.NONE
    boarder: bool = False
    labour_skill: SkillField | None = None

    def to_member(self, person_id: UUID) -> Member:
        """The member with personal values still plain. Raises ``Refused`` for a number that cannot be theirs."""
        document = self.read_document()
        fields = {**self.model_dump(exclude={"person_id", "document"}), **self.disability(document)}
        if document is not None:
            assert isinstance(self.sex, Sex), "words are looked up before"
            document.require_consistent(self.sex, self.birth_year)
        plain = {f: None if fields[f] is None else Personal(fields[f]) for f in MEMBER_PERSONAL_FIELDS}
        skill = self.labour_skill or UNSET
        return Member(person_id=person_id, **{**fields, **plain, **document_fields(document), "labour_skill": skill})
