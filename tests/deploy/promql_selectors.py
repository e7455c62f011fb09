"""The series that a PromQL expression reads: metric names, and the labels that it selects or groups by."""

from collections.abc import Iterator
from dataclasses import dataclass

import promql_parser as promql

GRAFANA = {"$__rate_interval": "5m", "$__interval": "1m", "$__range": "1h"}
"""Grafana's own variables, with values as it would insert them."""


@dataclass(frozen=True)
class SeriesSelector:
    """A metric in an expression, the labels that it must have, and the values that some of them must have."""

    metric: str
    labels: frozenset[str]
    equal: frozenset[tuple[str, str]] = frozenset()


def selectors_in(expression: str) -> list[SeriesSelector]:
    """Every series that an expression reads. Labels of a grouping are required of every series below it. Raises
    ``ValueError`` when the expression is not PromQL."""
    for variable, value in GRAFANA.items():
        expression = expression.replace(variable, value)
    return list(_selectors(promql.parse(expression), frozenset()))


def _selectors(node: promql.Expr, grouped: frozenset[str]) -> Iterator[SeriesSelector]:
    if isinstance(node, promql.VectorSelector):
        matchers = node.matchers.matchers
        assert node.name is not None, f"a series without a name: {node}"
        yield SeriesSelector(
            node.name,
            grouped | {m.name for m in matchers},
            frozenset((m.name, m.value) for m in matchers if m.op == promql.MatchOp.Equal),
        )
    elif isinstance(node, promql.MatrixSelector):
        yield from _selectors(node.vector_selector, grouped)
    elif isinstance(node, promql.AggregateExpr):
        own = frozenset(node.modifier.labels) if node.modifier is not None else frozenset[str]()
        yield from _selectors(node.expr, grouped | own)
    elif isinstance(node, promql.BinaryExpr):
        on = node.modifier.matching if node.modifier is not None else None
        for side in (node.lhs, node.rhs):
            yield from _selectors(side, grouped | frozenset(on.labels if on is not None else ()))
    elif isinstance(node, promql.Call):
        for argument in node.args:
            yield from _selectors(argument, grouped)
    elif isinstance(node, promql.ParenExpr | promql.UnaryExpr | promql.SubqueryExpr):
        yield from _selectors(node.expr, grouped)
    else:
        assert isinstance(node, promql.NumberLiteral | promql.StringLiteral), f"what is {type(node).__name__}?"
