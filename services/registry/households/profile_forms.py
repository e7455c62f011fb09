"""The request model of what a visit finds out about a person, whether they are recorded with it or surveyed later."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from contracts.registry.codes import (
    AssistanceTrack,
    Contribution,
    DisabilityCategory,
    EducationLevel,
    Health,
    MilitaryService,
    PoliticalStatus,
    SocialAssistance,
    SocialInsurance,
    WorkPlace,
)
from contracts.registry.nations import Nation
from services.casework.code_lists.fields import Coded, Word
from services.chassis.ground.refusals import Refused
from services.chassis.web.application import Body
from services.chassis.web.evidence_forms import Line
from services.chassis.web.field_readers import as_validation_error
from services.chassis.web.text_fields import IdNumber, Phone
from services.registry.households.health import Disability, category_named, disability_of, written_health
from services.registry.households.identity_documents import IdentityDocument


def _health(codes: str) -> str:
    """Raises a validation error."""
    try:
        return written_health([Health(code) for code in codes.split(",")])
    except Refused as refused:
        raise as_validation_error(refused) from None


HealthCodes = Annotated[
    str,
    Field(
        description="Health 的代码，有几个时以逗号分隔 / codes of Health, commas between them",
        examples=["chronic,disabled"],
        json_schema_extra={"x-codes": "Health"},
    ),
]
HealthField = Annotated[HealthCodes | Word, Coded("health", tuple(Health), _health, several=True, personal=True)]
DisabilityField = Annotated[
    Annotated[int, Field(ge=0, le=4)] | Word, Coded("disability_level", tuple("01234"), int, personal=True)
]
"""1 is the gravest; 0 says that there is none."""
NationField = Annotated[
    Annotated[str, Field(json_schema_extra={"x-codes": "Nation"})] | Word, Coded("nation", tuple(Nation), personal=True)
]
PoliticalField = Annotated[
    Annotated[str, Field(json_schema_extra={"x-codes": "PoliticalStatus"})] | Word,
    Coded("political_status", tuple(PoliticalStatus), personal=True),
]
CategoryField = Annotated[
    Annotated[str, Field(json_schema_extra={"x-codes": "DisabilityCategory"})] | Word,
    Coded("disability_category", tuple(DisabilityCategory), personal=True),
]
MilitaryField = Annotated[
    Annotated[str, Field(json_schema_extra={"x-codes": "MilitaryService"})] | Word,
    Coded("military_service", tuple(MilitaryService), personal=True),
]
EducationField = Annotated[EducationLevel | Word, Coded("education", tuple(EducationLevel), EducationLevel)]
TrackField = Annotated[AssistanceTrack | Word, Coded("assistance_track", tuple(AssistanceTrack), AssistanceTrack)]
WorkPlaceField = Annotated[WorkPlace | Word, Coded("work_place", tuple(WorkPlace), WorkPlace)]
InsuranceField = Annotated[SocialInsurance | Word, Coded("social_insurance", tuple(SocialInsurance), SocialInsurance)]
ContributionField = Annotated[Contribution | Word, Coded("contribution", tuple(Contribution), Contribution)]
AssistanceField = Annotated[
    SocialAssistance | Word, Coded("social_assistance", tuple(SocialAssistance), SocialAssistance)
]
MOST_MONTHS = 12


class ProfileForm(Body):
    """Blank means "not asked". 肢体二级 as a level says the kind of disability, too, and so does a disabled person's card."""

    school: Line | None = None
    health: HealthField | None = None
    disability_level: DisabilityField | None = None
    phone: Phone | None = None
    nation: NationField | None = None
    education_level: EducationField | None = None
    political_status: PoliticalField | None = None
    disability_category: CategoryField | None = None
    disability_card: IdNumber | None = None
    assistance_track: TrackField | None = None
    work_place: WorkPlaceField | None = None
    work_months: Annotated[int, Field(ge=0, le=MOST_MONTHS)] | None = None
    medical_insurance: InsuranceField | None = None
    medical_contribution: ContributionField | None = None
    serious_illness_insurance: bool | None = None
    pension_insurance: InsuranceField | None = None
    pension_contribution: ContributionField | None = None
    social_assistance: AssistanceField | None = None
    military_service: MilitaryField | None = None
    hukou_here: bool | None = None
    hukou_address: Line | None = None
    lives_here: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _category_within_level(cls, sent: Any) -> Any:
        if not isinstance(sent, dict) or sent.get("disability_category") is not None:
            return sent
        level = sent.get("disability_level")
        category = category_named(level.strip()) if isinstance(level, str) else None
        return sent if category is None else {**sent, "disability_category": category.value}

    def disability(self, document: IdentityDocument | None = None) -> dict[str, Any]:
        """The fields about disability, as said and as the card says. Raises ``Refused``."""
        level, category = self.disability_level, self.disability_category
        assert not isinstance(level, Word), "words are looked up before"
        assert not isinstance(category, Word), "words are looked up before"
        said = Disability(level, None if category is None else DisabilityCategory(category), self.disability_card)
        found = disability_of(said, document)
        return {
            "disability_level": found.level,
            "disability_category": found.category and found.category.value,
            "disability_card": found.card,
        }
