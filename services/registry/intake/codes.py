"""Code lists of the collection form: labels, and aliases found in practice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from contracts.registry.codes import LabourSkill, PovertyCause, SchoolStage
from contracts.registry.households import Attribute, Relation, Sex
from services.chassis.ground.labels import LABELS, written


class Health(StrEnum):
    """健康状况 as the national form lists it."""

    HEALTHY = "healthy"
    CHRONIC = "chronic"
    SERIOUS = "serious"
    DISABLED = "disabled"


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


@dataclass(frozen=True, slots=True, eq=False)
class CodeList:
    """``labels``: code → label, in the order of the form; ``codes_by_text``: every accepted spelling, case-folded →
    code."""

    labels: Mapping[Enum, str]
    codes_by_text: Mapping[str, Enum]

    def parse(self, text: str) -> Enum | None:
        """The code for a label, an English code or an alias; ``None`` when it is none of them."""
        return self.codes_by_text.get(text.strip().casefold())

    def label(self, code: Enum) -> str:
        return self.labels[code]


def _code_list(kind: type[Enum], aliases: Mapping[Enum, str] | None = None) -> CodeList:
    """``aliases``: per code, words separated by blanks."""
    labels = {code: LABELS.code(code).zh for code in kind}
    codes_by_text: dict[str, Enum] = {}
    for code, label in labels.items():
        for word in (label, written(code), *(aliases or {}).get(code, "").split()):
            codes_by_text[word.casefold()] = code
    return CodeList(labels, codes_by_text)


SEXES = _code_list(Sex, {Sex.MALE: "男性", Sex.FEMALE: "女性"})
YES_NO = _code_list(YesNo, {YesNo.YES: "1 true 有 y √", YesNo.NO: "0 false 无 n ×"})
ATTRIBUTES = _code_list(
    Attribute,
    {
        Attribute.GENERAL_POOR: "扶贫开发户 扶贫户",
        Attribute.LOW_INCOME_SECURITY: "纯低保户",
        Attribute.FIVE_GUARANTEES: "特困户 特困供养户",
        Attribute.LOW_INCOME_SECURITY_POOR: "扶贫低保户",
    },
)
CAUSES = _code_list(
    PovertyCause,
    {
        PovertyCause.NO_LABOUR: "缺劳动力",
        PovertyCause.NO_LAND: "缺地",
        PovertyCause.WEAK_MOTIVATION: "自身发展动力不足",
    },
)
RELATIONS = _code_list(
    Relation,
    {
        Relation.HEAD: "本人 本人或户主",
        Relation.SPOUSE: "夫 妻 丈夫 妻子",
        Relation.CHILD: "之子 之女 子 女 儿子 女儿",
        Relation.CHILD_IN_LAW: "之儿媳 之女婿 儿媳 女婿",
        Relation.GRANDCHILD: "之孙子 之孙女 之外孙子 之外孙女 孙子 孙女 外孙子 外孙女",
        Relation.PARENT: "之父 之母 之岳父 之岳母 之公公 之婆婆 父亲 母亲 岳父 岳母 公公 婆婆",
        Relation.GRANDPARENT: "之祖父 之祖母 之外祖父 之外祖母 祖父 祖母",
        Relation.SIBLING: "之兄弟姐妹 兄 弟 姐 妹",
    },
)
STAGES = _code_list(
    SchoolStage,
    {
        SchoolStage.NONE: "非在校生 非在校",
        SchoolStage.PRESCHOOL: "学前教育 幼儿园",
        SchoolStage.SENIOR: "高中",
        SchoolStage.VOCATIONAL: "中职 技工学校",
        SchoolStage.COLLEGE: "大学 大专 本科",
    },
)
SKILLS = _code_list(LabourSkill, {LabourSkill.WEAK: "弱劳动力 半劳动力"})
HEALTH = _code_list(Health, {Health.CHRONIC: "慢性病", Health.SERIOUS: "大病"})
DISABILITY = _code_list(DisabilityLevel)
STATUS_EVENTS = _code_list(StatusEvent, {StatusEvent.REMOVED: "清退"})
