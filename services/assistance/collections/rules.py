"""Every rule of collections: one code, two languages, its source."""

from services.chassis.ground.refusals import rule

NO_RECIPIENT_YET = rule(
    "collection_before_recipient",
    zh="该申请尚未审定，不能募集：先选准受助对象（审定该申请），再募集资金。",
    en="This application is not decided, so nothing may be sought for it: choose the recipient first, by deciding it.",
    source="source facts §5 rule 33: recipients are selected carefully before money is sought; M120",
)
NOT_COLLECTED = rule(
    "programme_collects_nothing",
    zh="该项目没有按募集数额发放的构成，不能为其募集；请在项目文件中写明。",
    en="No component of the programme pays what was collected, so nothing is sought for it: its document has to say one.",
    source="programme documents of this installation",
)
NOT_OPEN = rule(
    "collection_not_open",
    zh="尚未开始为该对象募集；请先登记开始募集。",
    en="Nothing is sought for this recipient yet: open the collection first.",
    source="source facts §5 rule 33",
)
OPEN_ALREADY = rule(
    "collection_open_already",
    zh="已在为该对象募集（目标数额见 target）；登记有误的，请作废后重新登记。",
    en="Money is sought for this recipient already (``target``); if that was entered wrongly, annul it and enter it anew.",
    source="Lika: one collection a recipient and grant",
)
HAS_ENTRIES = rule(
    "collection_has_entries",
    zh="该募集已有认捐或捐款（见 entries），不能作废；请先作废这些记录。",
    en="Pledges or donations stand in this collection (``entries``): annul those first.",
    source="Lika design: no answer is silently wrong",
)
PLEDGE_UNKNOWN = rule(
    "pledge_unknown",
    zh="没有这一认捐，或已作废；请核对序号。",
    en="There is no such pledge, or it was annulled: check its number.",
    source="Lika: a donation keeps a pledge that was made",
)
PLEDGE_TOLD_ALREADY = rule(
    "pledge_told_already",
    zh="同一捐赠者同日、同额、同期限的认捐已登记（序号见 number），不重复计入；确有两笔的，请作废该笔，按合计数额登记一笔。",
    en="This donor's pledge of that day, sum and term is entered already (``number``) and counts once; where there are two, annul it and"
    " enter both as one, of the whole sum.",
    source="Lika: one promise, one pledge",
)
RECEIPT_USED = rule(
    "donation_receipt_used",
    zh="该收据号的捐款已登记（序号见 number），不能重复登记；登记有误的，请先作废。",
    en="A donation with this receipt is entered already (``number``) and is entered once; if that was wrong, annul it first.",
    source="Lika: one receipt, one donation",
)
MORE_THAN_PLEDGED = rule(
    "donation_more_than_pledged",
    zh="超过认捐未到账的数额（见 left）；超出部分请另行登记为一笔捐款。",
    en="More than is left of the pledge (see ``left``): enter what exceeds it as a donation of its own.",
    source="Lika: a donation keeps a pledge that was made",
)
PASSED_ON = rule(
    "collection_entry_void",
    zh="没有该序号的记录，或已作废；请核对序号。",
    en="There is no such entry, or it was annulled already: check its number.",
    source="Lika design: what is void is void once",
)
