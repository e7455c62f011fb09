"""Rules by which the register refuses a valid row, and warnings about what it does not apply."""

from services.chassis.ground.refusals import Rule, rule
from services.registry.intake.reading.row_rules import FORM


def _row_rule(code: str, zh: str, en: str, source: str = FORM) -> Rule:
    return rule(f"intake_{code}", zh=zh, en=en, source=source)


OUTSIDE_AREA = _row_rule(
    "village_outside_area",
    "该村不在您的管辖范围内。",
    "This village is outside your area.",
    "Lika access rules",
)
OTHER_VILLAGE = _row_rule(
    "other_village",
    "该户登记在另一个村：迁居须另行登记，不能由导入变更。",
    "The household is on record in another village: a move is an act of its own.",
)
NEW_NEEDS_ID = _row_rule(
    "new_person_needs_id",
    "登记簿中没有此人：须填写证件号码。",
    "The register does not know this person: the ID number is needed.",
)
IDENTITY_DIFFERS = _row_rule(
    "identity_differs",
    "与登记簿中此人的身份信息不符：请核对原件；登记簿有误的，请办理“身份信息更正”。",
    "Differs from what the register holds about who this person is: compare with the papers; where the register is wrong, open"
    " a correction of the identity.",
)
HEAD_DIFFERS = _row_rule(
    "head_differs",
    "户主与登记簿不符：更换户主须另行登记（变更户主）。",
    "The head differs from the register: a change of head is an act of its own (``heads``).",
)
LEFT_HOUSEHOLD = _row_rule(
    "person_has_left",
    "此人已登记离开该户：重新加入须另行登记。",
    "This person is on record as having left the household: coming back is an act of its own.",
)
ERASED = _row_rule(
    "person_erased",
    "该主体的个人信息已依法删除，不能重新录入。",
    "The personal data of this subject was erased by law and cannot be entered again.",
    "Personal Information Protection Law, article 47; docs/privacy.md",
)
MIGRATED_BY_COUNTY = _row_rule(
    "history_needs_county",
    "历史贫困状态由县级以上统一迁移，乡村账号不能导入。",
    "Status history of an older system is migrated by the county's office or above.",
    "Source facts §5: statuses are decided by the county",
)
SOURCE_DAY_MISSING = _row_rule(
    "source_day_missing",
    "迁移的历史须填写原系统登记日期。",
    "Migrated history needs the day on which the older system recorded it.",
    "Lika design: two times",
)
AFTER_CASE = _row_rule(
    "history_after_case",
    "该户的贫困状态已由本系统的程序决定，不能再迁移历史。",
    "The household's status was decided by a procedure here: history is no longer migrated.",
    "Source facts §5 rules 2, 3, 5",
)
CONCURRENTLY_CHANGED = _row_rule(
    "overtaken",
    "导入时该户正被他人修改，请稍后再次导入。",
    "The household was being changed by others at the same time: send the file again.",
    "Lika idempotency rules",
)

MEMBER_MISSING = _row_rule(
    "member_missing",
    "提示：登记簿中的成员未全部列出；导入不会移除成员，离开须另行登记。",
    "Note: not all members on record are listed; an import removes nobody, a leaving is an act of its own.",
)
CORRECTION_NEEDED = _row_rule(
    "correction_needed",
    "提示：此项与登记簿不同，未采用；登记簿有误的，请办理“身份信息更正”。",
    "Note: this differs from the register and was not taken over; where the register is wrong, have the identity corrected.",
)
