"""Why a document, its confirmation or its withdrawal is refused."""

from services.chassis.ground.refusals import rule

SOURCE = "Lika design: documents are facts"

MALFORMED_DOCUMENT = rule(
    "document_malformed",
    zh="文件内容不符合该类文件的格式；请按 part 所指之处和 complaint 修改后重新提交。",
    en="The document is not a legal one of its kind; correct the part named in `part` as `complaint` says, and propose it again.",
    source=SOURCE,
    status=422,
)
EDITION_EXISTS = rule(
    "document_edition_exists",
    zh="该文件已有同名版本，版本名不能重复使用；请换一个版本名。",
    en="An edition of this name exists already, and names are never used twice; give the edition another name.",
    source=SOURCE,
)
NOT_YOUR_PLACE = rule(
    "document_not_of_your_place",
    zh="文件只能由所适用地区的县级或省级系统管理员提出、确认和撤回；请交由该地区的管理员办理。",
    en="A document is proposed, confirmed and withdrawn by operators at county or province level whose area covers its"
    " jurisdiction; leave it to one of them.",
    source=SOURCE,
    status=403,
)
OWN_PROPOSAL = rule(
    "document_own_proposal",
    zh="本人提出的不能由本人确认；请由另一位管理员确认。",
    en="Nobody confirms what they proposed; another operator has to confirm it.",
    source="Lika design: four eyes",
)
NOTHING_PENDING = rule(
    "document_nothing_pending",
    zh="该版本没有待确认的事项；请先提出。",
    en="Nothing about this edition awaits confirmation; propose it first.",
    source=SOURCE,
)
NOTHING_TO_WITHDRAW = rule(
    "document_nothing_to_withdraw",
    zh="该版本在确认前已收回；需要时请重新提出。",
    en="This edition was taken back before anybody confirmed it; propose it anew if it is needed.",
    source=SOURCE,
)
