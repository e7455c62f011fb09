"""Why the confirmation, annulment or restoration of a record is refused."""

from services.chassis.ground.refusals import rule

SOURCE = "docs/decisions/0029-records.md"

ALREADY_ANNULLED = rule(
    "record_annulled_already",
    zh="该记录已经撤销；如撤销有误，请先恢复。",
    en="This record is annulled already; restore it first where that was wrong.",
    source=SOURCE,
)
NOT_ANNULLED = rule(
    "record_not_annulled",
    zh="该记录没有被撤销，无须恢复；内容有误请更正。",
    en="This record is not annulled: there is nothing to restore; correct it where it is wrong.",
    source=SOURCE,
)
NOTHING_TO_CONFIRM = rule(
    "record_nothing_to_confirm",
    zh="该记录没有待确认的内容；请核对编号，或查看其状态（status）。",
    en="Nothing about this record awaits confirmation; check its number, or look at its ``status``.",
    source=SOURCE,
)
OWN_WORK = rule(
    "record_own_work",
    zh="本人办理或填报的记录不能由本人确认；请由另一人确认。",
    en="Nobody confirms what they did or entered; another person has to confirm it.",
    source="Lika design: four eyes",
)
