"""Who may do what, as a page of the rule book: per service one table of acts and roles, generated from the access tables."""

from collections.abc import Iterable, Mapping

from contracts.registry.divisions import Level
from contracts.roles import Role
from lika.messages import heading, say
from services.chassis.ground.labels import LABELS
from services.chassis.security.access_table import AccessRow, AccessTable, Relation


def access_page(tables: Mapping[str, AccessTable]) -> str:
    """Markdown: what roles and relations mean, then a table per service, rows in their order."""
    generated = say("rule_book_generated")
    relations = "".join(f"| `{r}` | {LABELS.code(r).line} |\n" for r in Relation)
    return (
        f"# {heading('access_page')}\n\n{generated.zh} {generated.en}\n\n{say('access_page_explained')}\n\n"
        f"| relation | {LABELS.code_list(Relation).title} |\n|---|---|\n{relations}"
        + "".join(_section(name, table.rows.values()) for name, table in tables.items())
    )


def _section(service: str, rows: Iterable[AccessRow]) -> str:
    roles = [f"{LABELS.code(role).zh} `{role}`" for role in Role]
    columns = ["act", "事项 purpose", str(LABELS.code_list(Level).title), "relation", *roles]
    lines = [columns, ["---"] * 4 + [":-:"] * len(Role), *map(_cells, rows)]
    return f"\n## {service}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(row: AccessRow) -> list[str]:
    levels = [str(LABELS.code(level)) for level in Level if level in row.levels]
    marks = ["●" if row.roles is None or role in row.roles else "" for role in Role]
    return [f"`{row.act}`", f"{row.zh} / {row.en}", ", ".join(levels), f"`{row.relation}`", *marks]
