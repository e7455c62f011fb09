"""The labels for machines (``contracts/generated/labels.json``) and as a page of the rule book."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.publishing.catalogue import Catalogue
from contracts.roles import Role
from lika.messages import heading, say
from services.chassis.ground.labels import CodeLabels, Label, Labels
from services.chassis.ground.refusals import Rule
from services.chassis.security.access_table import AccessTable


def labels_document(labels: Labels, rules: Mapping[str, Rule], tables: Mapping[str, AccessTable]) -> dict[str, Any]:
    """JSON: ``facts``, ``fields``, ``codes``, ``roles``, ``rules`` and ``acts`` by code, each with ``zh`` and ``en``. A field
    of one owner only stands as ``Owner.field``. ``acts``: by service."""
    return {
        "facts": _each(labels.facts),
        "fields": _each(labels.fields),
        "codes": {name: {**_both(each.title), "codes": _each(each.codes)} for name, each in labels.codes.items()},
        "roles": _each(labels.code_list(Role).codes),
        "rules": {code: {**_both(rule), "status": rule.status} for code, rule in sorted(rules.items())},
        "acts": {
            service: {act: _both(row) for act, row in sorted(table.rows.items())} for service, table in tables.items()
        },
    }


def _each(labels: Mapping[str, Label]) -> dict[str, dict[str, str]]:
    return {name: _both(label) for name, label in labels.items()}


def _both(labelled: Label | Rule | Any) -> dict[str, str]:
    return {"zh": labelled.zh, "en": labelled.en}


def labels_page(labels: Labels, facts: Catalogue) -> str:
    """Markdown: facts with what they say, code lists, fields."""
    generated, shown = say("rule_book_generated"), dict.fromkeys(name for name, _ in facts)
    said = {name: _first_sentence(kind.__doc__) for (name, _), kind in facts.items()}
    return (
        f"# {heading('labels_page')}\n\n{generated.zh} {generated.en}\n\n{say('labels_page_explained')}\n"
        + _table("facts", ((name, labels.fact(name), said[name]) for name in shown))
        + "".join(_code_list(name, each) for name, each in labels.codes.items())
        + _table("fields", ((name, label, "") for name, label in sorted(labels.fields.items())))
    )


def _code_list(name: str, each: CodeLabels) -> str:
    return _table(f"{name} · {each.title.line}", ((code, label, "") for code, label in each.codes.items()))


def _table(title: str, rows: Iterable[tuple[str, Label, str]]) -> str:
    lines = "".join(f"| `{code}` | {label.zh} | {label.en} | {said} |\n" for code, label, said in rows)
    return f"\n## {title}\n\n| code | 中文 | English | |\n|---|---|---|---|\n{lines}"


def _first_sentence(text: str | None) -> str:
    first = " ".join((text or "").split()).split(". ")[0].rstrip(".")
    return first.replace("|", "\\|")
