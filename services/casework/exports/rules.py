"""Rules by which an export is refused."""

from services.chassis.ground.refusals import rule

EXPORT_IS_WHOLE = rule(
    "export_is_whole",
    zh="导出的是整份清单，请去掉 limit 和 cursor。",
    en="An export is the whole list: leave limit and cursor out.",
    source="Lika interface rules",
    status=422,
)
EXPORT_TOO_LARGE = rule(
    "export_too_large",
    zh="清单条目超过一份文件的上限，请按区划或其他条件分次导出。",
    en="The list has more items than one file may have; export it by division, or narrow it otherwise.",
    source="docs/limits.md",
)
TOO_MANY_EXPORTS = rule(
    "too_many_exports",
    zh="您的账户正在导出另一份清单，请等它完成后再试。",
    en="Your account is exporting another list; wait until it is done.",
    source="RFC 6585 §4",
    status=429,
)
EXPORTS_BUSY = rule(
    "exports_busy",
    zh="正在导出的清单过多，请稍后再试。",
    en="Too many lists are being exported; try again shortly.",
    source="docs/limits.md",
    status=503,
)
