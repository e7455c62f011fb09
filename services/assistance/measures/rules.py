"""Every rule of measures: one code, two languages, its source. What asks them is ``measures`` and ``domain``."""

from services.chassis.ground.refusals import rule

MEASURES, KIND = (
    "measures of one household in the order of their days (M012, M170–M186)",
    "measure kind documents of this installation",
)

KIND_NOT_IN_FORCE = rule(
    "measure_kind_not_in_force", zh="当日当地没有这一生效的措施类别（见 measure_kind）；请查看措施类别文件。",
    en="No such kind of measure (``measure_kind``) is in force there on that day; see the documents of measure kinds.", source=KIND,
)  # fmt: skip
NOT_ELIGIBLE = rule(
    "measure_not_eligible", zh="该户当日不符合该类措施的对象条件（原因见 reasons）；请核对日期，或另选措施类别。",
    en="On that day the household is not whom this kind of measure is for (``reasons``): check the day, or choose another kind.",
    source=KIND,
)  # fmt: skip
NOT_A_HOUSEHOLD_THEN = rule(
    "measure_household_not_registered_then", zh="该日没有这一户；请核对日期。",
    en="There was no such household on that day; check the day.", source=MEASURES,
)  # fmt: skip
PLAN_ENDS_BEFORE_IT_BEGINS = rule(
    "measure_plan_ends_before_it_begins", zh="规划截止日早于制定日期；请核对。", en="The plan ends before it begins; check the days.",
    source="M012",
)  # fmt: skip
GRADE_MISSING = rule(
    "measure_grade_missing", zh="该类措施按等级办理，请填写规定的等级（见 grades）。",
    en="Measures of this kind go by grade: give one of ``grades``.", source="M180; " + KIND,
)  # fmt: skip
GRADE_NOT_TAKEN = rule(
    "measure_grade_not_taken", zh="该类措施不分等级。", en="Measures of this kind have no grades.", source=KIND,
)  # fmt: skip
NOT_BEGUN = rule(
    "measure_not_begun_then", zh="该措施在该日尚未开始；请核对日期或措施。",
    en="The measure had not begun by that day; check the day or the measure.", source=MEASURES,
)  # fmt: skip
WITHDRAWN = rule(
    "measure_withdrawn", zh="该措施已撤销（自 since 起），不能再登记。", en="The measure was withdrawn (``since``).", source=MEASURES,
)  # fmt: skip
STEP_UNKNOWN = rule(
    "measure_step_unknown", zh="该类措施没有这一步骤（步骤见 steps）。", en="Measures of this kind have other ``steps``.", source=KIND,
)  # fmt: skip
STEP_TAKEN = rule(
    "measure_step_taken_already", zh="该步骤已登记（见 on）。", en="This step is on record already (``on``).", source=MEASURES,
)  # fmt: skip
STEP_BEFORE = rule(
    "measure_step_out_of_order", zh="前一步骤（见 step）在该日尚未办理；请先登记前一步骤。",
    en="The ``step`` before was not taken by that day; enter it first.", source="M179; " + KIND,
)  # fmt: skip
EVIDENCE_MISSING = rule(
    "measure_evidence_missing", zh="该步骤须附证明材料（见 evidence）。", en="This step must cite ``evidence``.", source=KIND,
)  # fmt: skip
DECISION_MISSING = rule(
    "measure_decision_missing", zh="该步骤须有审批文号和签发人。", en="This step needs a numbered and signed decision.", source=KIND,
)  # fmt: skip
NOTHING_DELIVERED = rule(
    "measure_delivers_nothing", zh="该类措施不发放实物、分红或订单。", en="Measures of this kind hand nothing over.", source=KIND,
)  # fmt: skip
UNIT_DOES_NOT_FIT = rule(
    "measure_unit_does_not_fit", zh="数量单位不符（可用单位见 units）。", en="Another unit than the kind's (``units``).", source=KIND,
)  # fmt: skip
STEPS_OPEN = rule(
    "measure_steps_open", zh="步骤（见 step）尚未办理，不能发放；请先登记该步骤。",
    en="Nothing is handed over before the ``step`` was taken; enter it first.", source=KIND,
)  # fmt: skip
PRICES_MISSING = rule(
    "measure_prices_missing", zh="优先采购以同等条件为限，请填写采购价和对比价。",
    en="Preferred purchase is on equal terms only: give the price, and the one that it is compared with.", source="M173; R38",
)  # fmt: skip
NOT_ON_EQUAL_TERMS = rule(
    "measure_not_on_equal_terms", zh="采购价高于对比价，不属同等条件，不能按优先采购登记。",
    en="Dearer than elsewhere is not on equal terms, so it is no preferred purchase.", source="M173; R38",
)  # fmt: skip
NOT_ITS_ENTRY = rule(
    "measure_not_its_entry", zh="该记录不是该户的有效措施登记；请在详情中选取。",
    en="This is no standing entry of the household's measures; take one from its answer.", source=MEASURES,
)  # fmt: skip
