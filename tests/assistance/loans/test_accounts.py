"""Every account that a loan's book moves has a name to be shown by."""

import ast
from collections.abc import Iterator
from pathlib import Path

from services.assistance.loans import course, subsidies
from services.assistance.loans.answers import LoanAccount

BOOKING = frozenset({"_book", "entry"})


def booked(module: object) -> Iterator[str]:
    """Names of accounts in a module: keys of what is booked or returned to be."""
    file = getattr(module, "__file__", None)
    assert isinstance(file, str)
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        books = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in BOOKING
        settles = isinstance(node, ast.FunctionDef) and node.name == "_settled"
        assigned = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "claims"
        if books or settles or assigned:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Dict):
                    yield from (str(key.value) for key in inner.keys if isinstance(key, ast.Constant))


def test_every_account_of_a_loan_is_called_by_a_name() -> None:
    found = {*booked(course), *booked(subsidies)}
    assert {"subsidies_granted", "fund_claims", "penalty_due", "dividend_payer"} <= found
    assert found <= set(LoanAccount)
    assert set(LoanAccount) <= found
