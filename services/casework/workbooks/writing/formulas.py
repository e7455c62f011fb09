"""Formula injection: text that a spreadsheet would calculate instead of showing it (OWASP, CSV Injection)."""

import re

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Full-width ones, too: some spreadsheets read them as the narrow ones."""
_NEW_CELL = re.compile(rf"([;\t\r\n]\s*)([{re.escape(''.join(FORMULA_PREFIXES))}])")
"""Where a spreadsheet that separates columns by something else than the comma would begin another cell."""
_LOSES_DIGITS = re.compile(r"0[0-9]+|[0-9]{16,}|[0-9]+[eE][0-9]+", re.ASCII)
"""What a spreadsheet takes for a number, and then shows another one."""
INVISIBLE = " \u00a0\u200b\u200c\u200d\u2060\ufeff\u3000"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take it for one, also behind blanks that it leaves out."""
    return text.startswith(FORMULA_PREFIXES) or text.lstrip(INVISIBLE).startswith(FORMULA_PREFIXES)


def escaped(text: str) -> str:
    """For CSV, which has no types: with an apostrophe before what would be calculated. Digits that would not stay as they are
    get a tab behind them, which no spreadsheet shows."""
    if _LOSES_DIGITS.fullmatch(text):
        return f"{text}\t"
    inner = _NEW_CELL.sub(r"\1'\2", text)
    return f"'{inner}" if is_formula(text) else inner
