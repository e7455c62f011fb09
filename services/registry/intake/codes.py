"""The code lists of the collection form: which enumeration each stands for. Their words are documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from functools import cache, cached_property
from pathlib import Path

from contracts.registry.codes import DocumentKind, Health, LabourSkill, NoDocumentReason, PovertyCause, SchoolStage
from contracts.registry.households import Attribute, Relation, Sex
from contracts.registry.reasons import JoinReason, LeaveReason
from services.casework.code_lists.domain import CodeList, code_list_from
from services.casework.code_lists.repository import CodeLists
from services.chassis.ground.labels import written
from services.chassis.law.content import as_dicts
from services.chassis.law.yaml_text import YamlText


class StatusEvent(StrEnum):
    """What the old system recorded about a household's poverty status."""

    IDENTIFIED = "identified"
    EXITED = "exited"
    RETURNED = "returned"
    REMOVED = "removed"


class DisabilityLevel(Enum):
    """残疾等级: 1 is the gravest; 0 says "not disabled", which is not the same as a blank."""

    NONE = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4


class YesNo(Enum):
    YES = True
    NO = False


@dataclass(frozen=True)
class CodedColumn:
    """The code list of a column: ``kind``: the enumeration that a row has of it. ``words``: of the edition in force, or else
    of the one that this release ships."""

    key: str
    kind: type[Enum]
    words: CodeList | None = None

    @property
    def list(self) -> CodeList:
        return self.words or shipped(self.key)

    @property
    def labels(self) -> Mapping[Enum, str]:
        """Code → label, in the order of the form."""
        return {code: self.label(code) for code in self.kind}

    def parse(self, text: str) -> Enum | None:
        """The code for a label, an English code or an alias; ``None`` when it is none of them."""
        code = self.list.code_of(text)
        return None if code is None else self._members.get(code)

    def nearest(self, text: str) -> str:
        """The known word most like this one."""
        return self.list.nearest(text)

    def label(self, code: Enum) -> str:
        return self.list.labels[written(code)].zh

    @cached_property
    def _members(self) -> Mapping[str, Enum]:
        return {written(member): member for member in self.kind}


def written_health(codes: Iterable[Health]) -> str:
    """As facts carry it: the codes in the order of the form, with a comma between them."""
    return ",".join(code.value for code in Health if code in set(codes))


@cache
def shipped(key: str) -> CodeList:
    """The list that this release ships."""
    return code_list_from(as_dicts(YamlText.of(FOLDER / f"{key}.yaml").content))


def in_force(lists: CodeLists) -> Mapping[str, CodedColumn]:
    """By key, with the words of these. Raises ``Refused``."""
    return {column.key: replace(column, words=lists[column.key]) for column in ALL_CODE_LISTS}


FOLDER = Path(__file__).parents[1] / "parameters" / "code_lists"

SEXES = CodedColumn("sex", Sex)
YES_NO = CodedColumn("yes_no", YesNo)
ATTRIBUTES = CodedColumn("household_attribute", Attribute)
CAUSES = CodedColumn("poverty_cause", PovertyCause)
RELATIONS = CodedColumn("relation", Relation)
STAGES = CodedColumn("school_stage", SchoolStage)
SKILLS = CodedColumn("labour_skill", LabourSkill)
HEALTH = CodedColumn("health", Health)
DISABILITY = CodedColumn("disability_level", DisabilityLevel)
STATUS_EVENTS = CodedColumn("status_event", StatusEvent)
DOCUMENT_KINDS = CodedColumn("document_kind", DocumentKind)
NO_DOCUMENT_REASONS = CodedColumn("no_document_reason", NoDocumentReason)
JOIN_REASONS = CodedColumn("join_reason", JoinReason)
LEAVE_REASONS = CodedColumn("leave_reason", LeaveReason)

ALL_CODE_LISTS = (
    SEXES, YES_NO, ATTRIBUTES, CAUSES, RELATIONS, STAGES, SKILLS, HEALTH, DISABILITY, STATUS_EVENTS, DOCUMENT_KINDS,
    NO_DOCUMENT_REASONS, JOIN_REASONS, LEAVE_REASONS,
)  # fmt: skip
SHIPPED: Mapping[str, CodedColumn] = {column.key: column for column in ALL_CODE_LISTS}
ENUMERATIONS: Mapping[str, type[Enum]] = {column.key: column.kind for column in ALL_CODE_LISTS}
"""Key of a code list → the enumeration of the codes that facts carry."""
