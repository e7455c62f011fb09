"""Rules by which a comparison is refused."""

from services.chassis.ground.refusals import rule

OTHER_DAY = rule(
    "reconciliation_of_another_day",
    zh="表中的数据日期与所填对账日不同：请按表中的数据日期对账，或重新导出对账日的数据。",
    en="The list says that it is of another day than the one asked for: compare it as of its own day, or export it anew.",
    source="Lika design: two times",
    status=422,
)
