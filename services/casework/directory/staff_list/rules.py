"""Rules by which rows of a staff list are refused, beside those of the directory itself."""

from services.chassis.ground.refusals import Rule, rule

LIST = "staff list layout of this installation"


def _row_rule(code: str, zh: str, en: str, source: str = LIST) -> Rule:
    return rule(f"staff_list_{code}", zh=zh, en=en, source=source, status=422)


NO_LAYOUT = rule(
    "staff_list_no_layout",
    zh="当日没有生效的人员名册版式：请管理员确认版式文件。",
    en="No layout of the staff list is in force on that day: have an operator adopt one.",
    source="layout documents of this installation",
)
STAFF_TWICE = _row_rule(
    "number_twice", "工号在表中重复：请合并为一行。", "The staff number stands twice: make it one row."
)
ACCOUNT_TWICE = _row_rule(
    "account_twice", "同一账号写给了两个人：请改正。", "The account is given to two persons: correct one of them."
)
WITHOUT_MEMBER = _row_rule(
    "post_without_member",
    "人员表中没有这个工号：请在人员表中加一行。",
    "The staff sheet does not have this number: add the person there.",
)
LEAVING_INCOMPLETE = _row_rule(
    "leaving_incomplete",
    "离任日期和离任原因须同时填写。",
    "The day on which a post was left and the reason are filled in together.",
)
LONG_TITLE = _row_rule("long_title", "职务最多 60 字。", "A title has at most 60 characters.")
TOO_MANY_ACCOUNTS = _row_rule("too_many_accounts", "一人最多 5 个账号。", "A person has at most five accounts.")
BAD_DIVISION = _row_rule(
    "bad_division",
    "辖区应为 2、4、6、9 或 12 位区划代码，或本辖区内的地名。",
    "An area is a division code of 2, 4, 6, 9 or 12 digits, or a name within your area.",
    "GB/T 2260",
)
UNKNOWN_DIVISION_NAME = _row_rule(
    "unknown_division_name",
    "本辖区内没有这个名称的区划：请改填代码，或先登记区划。",
    "No division within your area has this name: give its code, or declare it first.",
    "GB/T 2260",
)
DIVISION_NAME_TWICE = _row_rule(
    "division_name_twice",
    "本辖区内有几个区划同名：请改填代码。",
    "Several divisions within your area have this name: give the code.",
    "GB/T 2260",
)
OUTSIDE_AREA = _row_rule(
    "outside_area",
    "不在您的辖区内：请由该地或上级的系统管理员导入。",
    "It lies outside your area: an operator there, or above, imports it.",
    "Lika access rules",
)
NAME_DIFFERS = _row_rule(
    "name_differs",
    "名册中该工号的姓名与此不同：请核对工号；姓名确有错误的，先更正名册。",
    "On the directory the number belongs to somebody of another name: check the number; if the name there is wrong, have it"
    " corrected first.",
)
POST_DIFFERS = _row_rule(
    "post_differs",
    "名册中该岗位的任职方式、届满日或离任与此不同：请核对；名册有误的，先更正原登记。",
    "On the directory this post has another appointment, term or leaving: check it; if the entry there is wrong, have it"
    " corrected first.",
)
UNKNOWN_NUMBER = _row_rule(
    "unknown_number",
    "名册和本表人员表中都没有这个工号，或该人的行有错误。",
    "Neither the directory nor the staff sheet has this number, or that person's rows have errors.",
)
OVERTAKEN = rule(
    "staff_list_overtaken",
    zh="导入期间此人的登记被他人改动：请核对后重新导入。",
    en="Others changed this member's entries during the import: check them and import again.",
    source="Lika design: decided under the lock",
)
