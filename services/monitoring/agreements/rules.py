"""The rules by which a command about an agreement is refused, each with its source."""

from services.chassis.ground.refusals import rule

KINDS = "agreement kinds of this installation"
TWO_TIMES = "Lika design: two times"

KIND_UNKNOWN = rule(
    "agreement_kind_unknown",
    zh="该地当日没有这类合同（协议）的管理文件，请核对“agreement_kind”。",
    en="No document says on that day in that place what agreements of this kind need; check ``agreement_kind``.",
    source=KINDS,
)
TOLD_ALREADY = rule(
    "agreement_number_taken",
    zh="该县同类合同中已有此编号；请在那份合同上办理，或核对编号。",
    en="An agreement of the kind has this number in the county already: act on that one, or check the number.",
    source="source facts §5 rule 68: what is told twice counts once",
)
PARTY_MISSING = rule(
    "agreement_party_missing",
    zh="须按管理文件填齐各方，每方一个。",
    en="Each party that the document of the kind lists is named once, and no other.",
    source=KINDS,
)
PARTY_TRUNCATED = rule(
    "agreement_party_incomplete",
    zh="各方须写全称，不能缺字或省略。",
    en="Parties are named in full.",
    source="C25",
)
WAY_UNCLEAR = rule(
    "agreement_way_unclear",
    zh="此类合同须注明取得方式（如招标、委托）；没有规定方式的不填。",
    en="Agreements of this kind say how they came about, by tender or commission; others do not.",
    source="M203: tender or commission",
)
ENDS_EARLY = rule(
    "agreement_ends_before_it_begins",
    zh="期限的截止日期不能早于起始日期。",
    en="A term does not end before it begins.",
    source=TWO_TIMES,
)
TOO_LONG = rule(
    "agreement_term_too_long",
    zh="期限超过此类合同的最长年限；期满可以续签。",
    en="The term is longer than those of this kind may be; it can be renewed.",
    source=KINDS,
)
COVERAGE_UNCLEAR = rule(
    "agreement_coverage_unclear",
    zh="此类合同须注明覆盖的单位数和人数（两个数）；其他合同不填。",
    en="Agreements of this kind say how many units and how many persons they cover, two figures; others do not.",
    source="M145",
)
CLAUSE_UNKNOWN = rule(
    "agreement_clause_unknown",
    zh="合同没有这一条款，或条款填写了两次。",
    en="The agreement, or the document of its kind, has no such clause, or it is named twice.",
    source=KINDS,
)
CLAUSE_MISSING = rule(
    "agreement_clause_missing",
    zh="缺少此类合同必备的条款。",
    en="A clause that agreements of this kind must have is missing.",
    source="M143: the health check is a clause of the collective contract",
)
CLAUSE_TOO_SELDOM = rule(
    "agreement_clause_too_seldom",
    zh="该条款的履行间隔超过规定的月数。",
    en="The clause falls due less often than it must.",
    source="M143: every two years",
)
UNIT_DIFFERS = rule(
    "agreement_unit_differs",
    zh="数量的单位与条款规定的单位不一致。",
    en="The unit is not that of the clause.",
    source="source facts §5 rule 75",
)
EVIDENCE_MISSING = rule(
    "agreement_evidence_missing",
    zh="缺少须附的材料，见“missing”。",
    en="Papers that this needs are not attached; see ``missing``.",
    source="source facts §5 rule 59; " + KINDS,
)
TERM_OVERLAPS = rule(
    "agreement_renewed_too_early",
    zh="续签期限须在首个期限起始之后开始，且不与另一期限同日起始。",
    en="A renewed term begins after the first one, and on another day than every other.",
    source="M145: renews expiring contracts",
)
NOT_IN_FORCE = rule(
    "agreement_not_in_force",
    zh="合同当日不在期限内：尚未开始、已到期或已终止；请核对日期，或先续签。",
    en="The agreement is in force on no such day: check the day, or renew it first.",
    source="M145",
)
ENDED = rule(
    "agreement_ended",
    zh="合同已终止；请另签新合同，或撤销终止登记。",
    en="The agreement has ended: sign another, or annul that it ended.",
    source="M145",
)
ACT_NOT_STANDING = rule(
    "agreement_act_not_standing",
    zh="所列记录不存在或已撤销。",
    en="A fact named is not there, or is void already.",
    source="Lika design: what is annulled is an act",
)
LATER_ACT_RESTS = rule(
    "agreement_later_act_rests_on_it",
    zh="之后的登记以它为依据，请一并撤销“facts”所列的登记。",
    en="Something later rests on it: annul what is in ``facts`` in the same act.",
    source="Lika design: what is annulled is an act",
)
COVERS_NOBODY = rule(
    "agreement_kind_covers_nobody",
    zh="此类合同不计算覆盖率。",
    en="No share of units or persons is counted of agreements of this kind.",
    source=KINDS,
)
