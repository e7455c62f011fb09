"""The rule book: every rule by which a command can be refused, as a page that an official can read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from lika.messages import heading, say
from services.chassis.ground.refusals import Rule


def rule_book(rules: Mapping[str, Rule]) -> str:
    """Markdown: one table per HTTP status, rules by code."""
    by_status: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules.values():
        by_status[rule.status].append(rule)
    return _head() + "".join(_section(status, by_status[status]) for status in sorted(by_status))


def _head() -> str:
    generated = say("rule_book_generated")
    return f"# {heading('rule_book')}\n\n{generated.zh} {generated.en}\n\n{say('rule_book_explained')}\n"


def _section(status: int, rules: Iterable[Rule]) -> str:
    rows = [f"| `{r.code}` | {_cell(r.zh)} | {_cell(r.en)} | {_cell(r.source)} |" for r in sorted(rules, key=_code)]
    head = f"\n## {status} {HTTPStatus(status).phrase}\n\n| code | 说明 | meaning | source |\n|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def _code(rule: Rule) -> str:
    return rule.code


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
