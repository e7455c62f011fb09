"""The rule book: every rule by which a command can be refused, as a page that an official can read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from services.chassis.ground.refusals import Rule

HEAD = """# 规则手册 Rule book

由程序生成，请勿手改：`make contracts`。 Generated from the code: `make contracts`.

每条规则有一个固定代码；被拒绝的请求会返回代码、中英文说明和依据。
Each rule has a stable code; a refused request is answered with it, the message in both languages, and its source.
"""


def rule_book(rules: Mapping[str, Rule]) -> str:
    """Markdown: one table per HTTP status, rules by code."""
    by_status: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules.values():
        by_status[rule.status].append(rule)
    return HEAD + "".join(_section(status, by_status[status]) for status in sorted(by_status))


def _section(status: int, rules: Iterable[Rule]) -> str:
    rows = [f"| `{r.code}` | {_cell(r.zh)} | {_cell(r.en)} | {_cell(r.source)} |" for r in sorted(rules, key=_code)]
    head = f"\n## {status} {HTTPStatus(status).phrase}\n\n| code | 说明 | meaning | source |\n|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def _code(rule: Rule) -> str:
    return rule.code


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
