"""Code lists of the collection form: Chinese label, English code, and aliases found in practice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from contracts.registry.codes import LabourSkill, PovertyCause, SchoolStage
from contracts.registry.households import Attribute, Relation, Sex


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

    name: str
    labels: Mapping[Enum, str]
    codes_by_text: Mapping[str, Enum]

    def parse(self, text: str) -> Enum | None:
        """The code for a label, an English code or an alias; ``None`` when it is none of them."""
        return self.codes_by_text.get(text.strip().casefold())

    def label(self, code: Enum) -> str:
        return self.labels[code]


def english_code(code: Enum) -> str:
    """The English code as it is written in a cell."""
    value = code.value
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _code_list(name: str, labels: Mapping[Enum, str], aliases: Mapping[Enum, str] | None = None) -> CodeList:
    """``aliases``: per code, words separated by blanks."""
    codes_by_text: dict[str, Enum] = {}
    for code, label in labels.items():
        for word in (label, english_code(code), *(aliases or {}).get(code, "").split()):
            codes_by_text[word.casefold()] = code
    return CodeList(name, labels, codes_by_text)


SEXES = _code_list("性别", {Sex.MALE: "男", Sex.FEMALE: "女"}, {Sex.MALE: "男性", Sex.FEMALE: "女性"})
YES_NO = _code_list("是否", {YesNo.YES: "是", YesNo.NO: "否"}, {YesNo.YES: "1 true 有 y √", YesNo.NO: "0 false 无 n ×"})
ATTRIBUTES = _code_list(
    "户属性",
    {
        Attribute.GENERAL_POOR: "一般贫困户",
        Attribute.LOW_INCOME_SECURITY: "低保户",
        Attribute.FIVE_GUARANTEES: "五保户",
        Attribute.LOW_INCOME_SECURITY_POOR: "低保贫困户",
        Attribute.LOW_INCOME_FARMER: "低收入农户",
    },
    {
        Attribute.GENERAL_POOR: "扶贫开发户 扶贫户",
        Attribute.LOW_INCOME_SECURITY: "纯低保户",
        Attribute.FIVE_GUARANTEES: "特困户 特困供养户",
        Attribute.LOW_INCOME_SECURITY_POOR: "扶贫低保户",
    },
)
CAUSES = _code_list(
    "致贫原因",
    {
        PovertyCause.ILLNESS: "因病",
        PovertyCause.DISABILITY: "因残",
        PovertyCause.SCHOOLING: "因学",
        PovertyCause.DISASTER: "因灾",
        PovertyCause.NO_LAND: "缺土地",
        PovertyCause.NO_WATER: "缺水",
        PovertyCause.NO_SKILL: "缺技术",
        PovertyCause.NO_LABOUR: "缺劳力",
        PovertyCause.NO_CAPITAL: "缺资金",
        PovertyCause.POOR_TRANSPORT: "交通条件落后",
        PovertyCause.WEAK_MOTIVATION: "自身发展力不足",
        PovertyCause.OTHER: "其他",
    },
    {
        PovertyCause.NO_LABOUR: "缺劳动力",
        PovertyCause.NO_LAND: "缺地",
        PovertyCause.WEAK_MOTIVATION: "自身发展动力不足",
    },
)
RELATIONS = _code_list(
    "与户主关系",
    {
        Relation.HEAD: "户主",
        Relation.SPOUSE: "配偶",
        Relation.CHILD: "子女",
        Relation.CHILD_IN_LAW: "儿媳或女婿",
        Relation.GRANDCHILD: "孙子女",
        Relation.PARENT: "父母",
        Relation.GRANDPARENT: "祖父母",
        Relation.SIBLING: "兄弟姐妹",
        Relation.OTHER: "其他",
    },
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
    "在校阶段",
    {
        SchoolStage.NONE: "不在校",
        SchoolStage.PRESCHOOL: "学前",
        SchoolStage.PRIMARY: "小学",
        SchoolStage.JUNIOR: "初中",
        SchoolStage.SENIOR: "普通高中",
        SchoolStage.VOCATIONAL: "中等职业学校",
        SchoolStage.COLLEGE: "大专及以上",
    },
    {
        SchoolStage.NONE: "非在校生 非在校",
        SchoolStage.PRESCHOOL: "学前教育 幼儿园",
        SchoolStage.SENIOR: "高中",
        SchoolStage.VOCATIONAL: "中职 技工学校",
        SchoolStage.COLLEGE: "大学 大专 本科",
    },
)
SKILLS = _code_list(
    "劳动技能",
    {
        LabourSkill.ORDINARY: "普通劳动力",
        LabourSkill.SKILLED: "技能劳动力",
        LabourSkill.WEAK: "弱劳动力或半劳动力",
        LabourSkill.LOST: "丧失劳动力",
        LabourSkill.NONE: "无劳动力",
    },
    {LabourSkill.WEAK: "弱劳动力 半劳动力"},
)
HEALTH = _code_list(
    "健康状况",
    {Health.HEALTHY: "健康", Health.CHRONIC: "长期慢性病", Health.SERIOUS: "患有大病", Health.DISABLED: "残疾"},
    {Health.CHRONIC: "慢性病", Health.SERIOUS: "大病"},
)
DISABILITY = _code_list(
    "残疾等级",
    {
        DisabilityLevel.NONE: "无",
        DisabilityLevel.FIRST: "一级",
        DisabilityLevel.SECOND: "二级",
        DisabilityLevel.THIRD: "三级",
        DisabilityLevel.FOURTH: "四级",
    },
)
STATUS_EVENTS = _code_list(
    "事件",
    {
        StatusEvent.IDENTIFIED: "识别",
        StatusEvent.EXITED: "脱贫",
        StatusEvent.RETURNED: "返贫",
        StatusEvent.REMOVED: "剔除",
    },
    {StatusEvent.REMOVED: "清退"},
)

ALL_CODE_LISTS = (SEXES, YES_NO, ATTRIBUTES, CAUSES, RELATIONS, STAGES, SKILLS, HEALTH, DISABILITY, STATUS_EVENTS)
