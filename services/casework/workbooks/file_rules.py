"""Rules by which a whole file is refused. Messages name sheets, columns and cells, never their contents."""

from services.chassis.ground.refusals import Rule, rule

LAYOUT = "layout documents of this installation"
SAFETY = "Lika rules for hostile files"
OPEN_XML = "ECMA-376"


def _file_rule(code: str, zh: str, en: str, source: str = LAYOUT, status: int = 422) -> Rule:
    return rule(f"workbook_{code}", zh=zh, en=en, source=source, status=status)


def _limit(code: str, zh: str, en: str) -> Rule:
    return _file_rule(code, zh, en, SAFETY, 413)


NOT_A_WORKBOOK = _file_rule(
    "not_sound",
    "该文件不是完好的 Excel 工作簿（.xlsx）：请用电子表格软件打开，另存为 .xlsx 后再上传。",
    "The file is not a sound Excel workbook (.xlsx): open it in a spreadsheet program, save it as .xlsx and send that.",
    OPEN_XML,
)
UNKNOWN_TEXT = _file_rule(
    "unknown_text",
    "单元格引用了文件中不存在的文字，无法确定其内容：请在电子表格软件中重新录入该单元格并另存为 .xlsx。",
    "A cell refers to a text that the file does not have, so nobody knows what it says: retype the cell in a spreadsheet program"
    " and save it as .xlsx.",
    OPEN_XML,
)
UNSOUND_CELL = _file_rule(
    "unsound_cell",
    "单元格的存储方式不规范，可有两种读法：请用电子表格软件打开，另存为 .xlsx 后再上传。",
    "A cell is stored in a way that can be read as two things: open the file in a spreadsheet program, save it as .xlsx and"
    " send that.",
    OPEN_XML,
)

TOO_LARGE = _limit("too_large", "文件过大，请按村拆分后上传。", "The file is too large: split it by village.")
UNPACKS_TOO_LARGE = _limit(
    "unpacks_too_large",
    "工作簿解压后过大，未读取：请按村拆分，并只保留数据。",
    "The workbook unpacks to too much data and was not read: split it by village and keep the data only.",
)
TOO_MANY_ENTRIES = _limit(
    "too_many_entries",
    "工作簿内的文件数超过上限，未读取：请把数据复制到新的工作簿。",
    "The workbook consists of too many parts and was not read: copy the data to a new workbook.",
)
TOO_MANY_ROWS = _limit(
    "too_many_rows", "工作表行数超过上限，请按村拆分后上传。", "A sheet has too many rows: split the file by village."
)
TOO_MANY_COLUMNS = _limit(
    "too_many_columns",
    "工作表列数超过上限：请使用模板。",
    "A sheet has too many columns: use the template.",
)
TOO_MANY_CELLS = _limit(
    "too_many_cells",
    "单元格数超过上限，请按村拆分，并清除数据以外区域的格式。",
    "There are too many cells: split the file by village and clear the formats outside the data.",
)
TOO_DEEP = _limit(
    "too_deep",
    "工作簿内的元素嵌套过深，未读取：请用电子表格软件另存为 .xlsx。",
    "The workbook's elements are nested too deep, and it was not read: save it as .xlsx in a spreadsheet program.",
)
FILE_MEMORY = _limit(
    "takes_too_much_memory",
    "读取该文件所需内存超过上限：请按村拆分后上传。",
    "Reading the file takes more memory than is allowed: split it by village.",
)
FILE_TIME = _limit(
    "takes_too_long",
    "读取该文件所需时间超过上限：请按村拆分后上传。",
    "Reading the file takes longer than is allowed: split it by village.",
)

MISSING_SHEET = _file_rule(
    "missing_sheet",
    "缺少工作表：请使用空白模板（GET …/template），或检查工作表名称。",
    "A sheet is missing: use the empty template (GET …/template), or check the names of the sheets.",
)
MISSING_COLUMN = _file_rule(
    "missing_column",
    "未找到表头所需的列：请对照空白模板（GET …/template）检查表头。",
    "A column that is needed was not found among the headers: compare them with the empty template (GET …/template).",
)
DUPLICATE_COLUMN = _file_rule(
    "duplicate_column",
    "工作表中有两列表头含义相同：请删除或改名其中一列。",
    "Two columns of a sheet have headers that mean the same: remove or rename one of them.",
)
OTHER_UNIT = _file_rule(
    "other_unit",
    "表头或标题写明的单位与本表的单位不同，未换算：请按模板的单位换算各数，并改正表头或标题。",
    "The headers or the title name another unit than the form's, and nothing is converted: give the numbers in the unit of the"
    " template, and mend the header or title.",
)
TWO_TABLES = _file_rule(
    "two_tables",
    "有多个工作表都像是要导入的表：请每个文件只留一个。",
    "Several sheets look like the table to be imported: leave one in each file.",
)
CUT_SHORT = _file_rule(
    "cut_short",
    "文件不完整：该行（row）写明的笔数或合计（said）与表中各行（found）不符，整份未导入。请让出具单位重新导出完整的文件；合计有误的先更正合计。",
    "The file is not complete: what its line (``row``) says of the number or sum of the rows (``said``) is not what there is (``found``),"
    " and nothing of it was taken in. Have it exported again in full; where the sum itself is wrong, mend that.",
)
SUM_UNREAD = _file_rule(
    "sum_unread",
    "合计行（row）的合计数无法读取，不能核对文件是否完整，整份未导入：请将该单元格改为与各行相同格式的数字。",
    "The sum in its line (``row``) cannot be read, so nobody can tell whether the file is complete, and nothing of it was taken in: write"
    " that cell as a number like those of the rows.",
)
CUT_IN_LINE = _file_rule(
    "cut_in_line",
    "文件不完整：最后一行（row）中途断开，整份未导入。请让出具单位重新导出完整的文件，或补全该行。",
    "The file is not complete: its last line (``row``) breaks off, and nothing of it was taken in. Have it exported again in full, or"
    " complete the line.",
)
TOO_MANY_ERRORS = _limit(
    "too_many_errors",
    "错误过多，未继续读取：请先对照模板改正普遍存在的错误。",
    "There are too many errors to go on reading: correct what is wrong throughout first, by the template.",
)
FORMULA = _file_rule("formula", "单元格中有公式：请只粘贴数值。", "A cell holds a formula: paste values only.", SAFETY)

IS_XLS = _file_rule(
    "is_xls",
    "这是旧版 Excel 文件（.xls）：请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”。",
    "This is a file of old Excel (.xls): open it in Excel or WPS and save it as “Excel workbook (.xlsx)”.",
    OPEN_XML,
)
IS_ENCRYPTED = _file_rule(
    "is_encrypted",
    "文件已加密：请在 Excel 或 WPS 中输入密码打开，取消打开密码后另存为 .xlsx。",
    "The file is encrypted: open it with its password in Excel or WPS, remove the password and save it as .xlsx.",
    OPEN_XML,
)
IS_XLSM = _file_rule(
    "is_xlsm",
    "这是启用宏的工作簿（.xlsm）：请另存为不含宏的“Excel 工作簿（.xlsx）”。",
    "This is a workbook with macros (.xlsm): save it without them, as “Excel workbook (.xlsx)”.",
    SAFETY,
)
IS_XLSB = _file_rule(
    "is_xlsb",
    "这是二进制工作簿（.xlsb）：请另存为“Excel 工作簿（.xlsx）”。",
    "This is a binary workbook (.xlsb): save it as “Excel workbook (.xlsx)”.",
    OPEN_XML,
)
IS_ODS = _file_rule(
    "is_ods",
    "这是 OpenDocument 表格（.ods）：请另存为“Excel 工作簿（.xlsx）”。",
    "This is an OpenDocument spreadsheet (.ods): save it as “Excel workbook (.xlsx)”.",
    OPEN_XML,
)
IS_CSV = _file_rule(
    "is_csv",
    "这是文本文件（CSV 之类）：请在 Excel 或 WPS 中按所注编码导入，证件号码等列设为文本，另存为 .xlsx。",
    "This is a text file such as CSV: import it into Excel or WPS in the encoding named here, with ID numbers as text, and save it"
    " as .xlsx.",
    OPEN_XML,
)
IS_HTML = _file_rule(
    "is_html",
    "这是网页（HTML），只是扩展名为 .xls：请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”。",
    "This is a web page (HTML) that is only called .xls: open it in Excel or WPS and save it as “Excel workbook (.xlsx)”.",
    OPEN_XML,
)
IS_XML = _file_rule(
    "is_xml",
    "这是“XML 表格 2003”或其他 XML 文件：请在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”。",
    "This is an “XML spreadsheet 2003” or another XML file: open it in Excel or WPS and save it as “Excel workbook (.xlsx)”.",
    OPEN_XML,
)
IS_OTHER = _file_rule(
    "is_another_kind",
    "这不是电子表格，而是所注的另一种文件：请取空白模板（GET …/template），填好后以 .xlsx 上传。",
    "This is no spreadsheet but a file of the kind named here: get the empty template (GET …/template), fill it in and send it as"
    " .xlsx.",
    OPEN_XML,
)
IS_EMPTY = _file_rule(
    "is_empty", "文件是空的：请检查后重新上传。", "The file is empty: check it and send it again.", OPEN_XML
)
