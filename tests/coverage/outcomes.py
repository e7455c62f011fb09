"""What became of the tests that the manifest names."""

from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from tests.coverage.manifest import Row, named_tests, read_manifest


class Outcomes:
    """A plugin of pytest that keeps, by test, whether every run of it passed: with parameters, each of them."""

    def __init__(self) -> None:
        self._passed: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            test = report.nodeid.partition("[")[0]
            self._passed[test] = self._passed.get(test, True) and report.passed

    def passed(self, test: str) -> bool:
        """False also where it was not run, or skipped."""
        return self._passed.get(test, False)

    def works(self, row: Row) -> bool:
        """Whether each of its tests ran and passed; a planned row has none and does not work."""
        return bool(row.named_tests) and all(map(self.passed, row.named_tests))


class WholeRun(Outcomes):
    """Of a run of all tests: it fails where a test that the manifest names did not pass, and ends with the figures."""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if list(self._absent()) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for test in self._absent():
            terminalreporter.line(f"named in the manifest of coverage, not passed: {test}")
        terminalreporter.line(f"coverage: {formatted_figures(figures(read_manifest(), self))}")

    def _absent(self) -> Iterator[str]:
        return (test for test in sorted(named_tests(read_manifest().values())) if not self.passed(test))


Figures = Mapping[str, tuple[int, int]]
"""M, B or R → how many work, how many there are."""


def figures(rows: Mapping[str, Row], outcomes: Outcomes) -> Figures:
    total = Counter(key[0] for key in rows)
    working = Counter(key[0] for key, row in rows.items() if outcomes.works(row))
    return {kind: (working[kind], total[kind]) for kind in total}


def formatted_figures(found: Figures) -> str:
    return " · ".join(f"{kind} {working}/{total}" for kind, (working, total) in found.items())
