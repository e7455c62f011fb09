"""Rules by which rows of a list of quantities are refused, beside those of the telling itself."""

from services.chassis.ground.refusals import rule

LIST = "list of quantities of this installation"
NO_LAYOUT = rule(
    "quantity_list_no_layout", zh="当日没有生效的计发依据表版式：请管理员确认版式文件。",
    en="No layout of the list of quantities is in force on that day: have an operator adopt one.",
    source="layout documents of this installation",
)  # fmt: skip
UNKNOWN_GRANT = rule(
    "quantity_list_unknown_grant",
    zh="本辖区没有此人（户）在该期间的这一项目待遇：请核对编号、项目和期间，或先办理待遇。",
    en="In your area nobody of this number has this programme for that period: check number, programme and period, or have it granted.",
    source=LIST, status=422,
)  # fmt: skip
SEVERAL_GRANTS = rule(
    "quantity_list_several_grants", zh="该编号对应多人（户）：请改用系统标识。",
    en="Several are known by this number: use the id instead.", source=LIST, status=422,
)  # fmt: skip
NOT_ONE_QUANTITY = rule(
    "quantity_list_not_one", zh="每行只填一项：天数、费用、收入、其他资助或发放数量。",
    en="A row tells one of them: days, a cost, an income, other grants or pieces handed out.", source=LIST, status=422,
)  # fmt: skip
TOO_LONG = rule(
    "quantity_list_text_too_long", zh="依据文号不超过 120 个字符。", en="The number of a paper has at most 120 characters.",
    source=LIST, status=422,
)  # fmt: skip
TWICE = rule(
    "quantity_list_twice", zh="同一对象、组成和期间在表中重复。",
    en="The same unit, component and period stand twice in the list.", source=LIST, status=422,
)  # fmt: skip
OVERTAKEN = rule(
    "quantity_list_overtaken", zh="导入期间该对象的待遇被他人改动：请核对后重新导入。",
    en="Others changed this entitlement during the import: check it and import again.",
    source="Lika design: decided under the lock",
)  # fmt: skip
