"""Rules by which a whole file is refused. Messages name sheets, columns and cells of the form, never their contents."""

from services.chassis.ground.refusals import rule

FORM = "Lika collection form"
SAFETY = "Lika rules for hostile files"

NOT_A_WORKBOOK = rule(
    "intake_not_a_workbook",
    zh="该文件不是完好的 Excel 工作簿（.xlsx）。",
    en="The file is not a sound Excel workbook (.xlsx).",
    source=FORM,
    status=422,
)
TOO_LARGE = rule(
    "intake_file_too_large",
    zh="文件过大，请按村拆分后上传。",
    en="The file is too large: split it by village.",
    source=SAFETY,
    status=413,
)
UNPACKS_TOO_LARGE = rule(
    "intake_unpacks_too_large",
    zh="工作簿解压后过大，已拒绝读取。",
    en="The workbook unpacks to too much data and was not read.",
    source=SAFETY,
    status=413,
)
TOO_MANY_ROWS = rule(
    "intake_too_many_rows",
    zh="工作表行数超过上限，请按村拆分后上传。",
    en="A sheet has too many rows: split the file by village.",
    source=SAFETY,
    status=413,
)
TOO_MANY_COLUMNS = rule(
    "intake_too_many_columns",
    zh="工作表列数超过上限：请使用采集表模板。",
    en="A sheet has too many columns: use the template of the form.",
    source=SAFETY,
    status=413,
)
MISSING_SHEET = rule(
    "intake_missing_sheet",
    zh="缺少工作表。",
    en="A sheet of the form is missing.",
    source=FORM,
    status=422,
)
MISSING_COLUMN = rule(
    "intake_missing_column",
    zh="工作表缺少表头列：请使用采集表模板，第一行为表头。",
    en="A column of the form is missing: use the template; the first row holds the headers.",
    source=FORM,
    status=422,
)
DUPLICATE_COLUMN = rule(
    "intake_duplicate_column",
    zh="工作表中有重复的表头列。",
    en="A column of the form stands twice in a sheet.",
    source=FORM,
    status=422,
)
UNKNOWN_COLUMN = rule(
    "intake_unknown_column",
    zh="工作表中有采集表以外的列：为免漏读，请删除该列或改正表头。",
    en="A column does not belong to the form: remove it or correct its header, so that nothing is overlooked.",
    source=FORM,
    status=422,
)
MERGED_CELLS = rule(
    "intake_merged_cells",
    zh="工作表中有合并单元格：请取消合并后逐格填写。",
    en="A sheet has merged cells: unmerge them and fill every cell.",
    source=FORM,
    status=422,
)
FORMULA = rule(
    "intake_formula",
    zh="单元格中有公式：请只粘贴数值。",
    en="A cell holds a formula: paste values only.",
    source=FORM,
    status=422,
)
