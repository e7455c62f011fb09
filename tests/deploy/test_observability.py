"""Alerts and the dashboard use only metrics and labels that the running services expose."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from contracts.roles import Role
from lika.house import BUILDS
from services.chassis.ground.metrics import REGISTRY
from tests.deploy.promql_selectors import SeriesSelector, selectors_in
from tests.support.running import Lika, lika

OBSERVABILITY = Path(__file__).parents[2] / "deploy" / "observability"
BY_SETTING = frozenset({"lika_relay_lag", "lika_relay_leads", "lika_certificate_ends_seconds"})
"""Declared with the others, and exposed only where there is a relay, or a certificate."""

OF_PROMETHEUS = {"up": {"job", "instance"}}
"""Series and labels that Prometheus itself adds to what it scrapes."""

Series = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def series(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Series]:
    """The real ``/metrics`` of all services after a command, a read, a refusal and a scrape: name → label sets."""
    with lika(BUILDS.values(), module_database, tmp_path_factory.mktemp("observed")) as running:
        operator = running.client_for("op-1", "", Role.OPERATOR)
        village = {"code": "990001101001", "level": "village", "name": "某村", "effective_on": "2014-01-01"}
        assert operator.post("/registry/divisions", village).status_code == 201
        assert operator.get("/registry/divisions").status_code == 200
        assert running.client.get("/registry/divisions").status_code == 401
        yield scraped(running)


def scraped(running: Lika) -> Series:
    found: Series = {}
    for family in text_string_to_metric_families(running.operations.get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((OBSERVABILITY / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((OBSERVABILITY / "grafana" / "lika.json").read_text(encoding="utf-8"))
    return loaded


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


EXPRESSIONS = [rule["expr"] for rule in rules()] + [t["expr"] for panel in panels() for t in panel["targets"]]


def declared(name: str) -> set[str]:
    """Labels of a gauge that is declared and not exposed yet."""
    (found,) = {c for c in REGISTRY._collector_to_names if getattr(c, "_name", None) == name}
    return set(found._labelnames)  # type: ignore[attr-defined]


def missing(wanted: SeriesSelector, series: Series) -> list[str]:
    """What of a selector the running services do not expose."""
    if wanted.metric in OF_PROMETHEUS:
        return sorted(wanted.labels - OF_PROMETHEUS[wanted.metric])
    labels = wanted.labels - {"job", "instance"}  # every scraped series gets these two
    if wanted.metric in BY_SETTING:
        return sorted(labels - declared(wanted.metric))
    if wanted.metric not in series:
        return [wanted.metric]
    values = {(name, value) for labels in series[wanted.metric] for name, value in labels.items()}
    odd = [f"{n}={v}" for n, v in wanted.equal if n not in ("job", "instance") and (n, v) not in values]
    return sorted(labels - frozenset.intersection(*map(frozenset, series[wanted.metric]))) + odd


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_expression_reads_series_and_labels_that_exist(expression: str, series: Series) -> None:
    selectors = selectors_in(expression)
    assert selectors
    assert {q.metric: missing(q, series) for q in selectors if missing(q, series)} == {}


def test_a_name_or_label_that_does_not_exist_would_be_noticed(series: Series) -> None:
    for wrong in ("lika_log_heads", "sum by (village) (lika_log_head)", 'lika_conflicts_total{kind="none_such"}'):
        assert [missing(q, series) for q in selectors_in(wrong)] != [[]]
    with pytest.raises(ValueError, match="expected type matrix"):
        selectors_in("rate(lika_http_requests_total)")
    with pytest.raises(ValueError, match="unclosed"):
        selectors_in("sum by (service (lika_log_head)")


def test_the_dashboard_s_variables_and_legends_use_labels_that_exist(series: Series) -> None:
    (query,) = [v["definition"] for v in dashboard()["templating"]["list"] if v["type"] == "query"]
    shape = re.fullmatch(r"label_values\((\w+), (\w+)\)", query)
    assert shape is not None
    assert all(shape[2] in labels for labels in series[shape[1]])
    known = {name for found in series.values() for labels in found for name in labels} | {"instance"}
    legends = [t["legendFormat"] for panel in panels() for t in panel["targets"]]
    assert {label for legend in legends for label in re.findall(r"{{(\w+)}}", legend)} <= known


def test_the_dashboard_can_be_imported() -> None:
    loaded = dashboard()
    assert {"uid", "title", "schemaVersion", "templating", "time", "panels"} <= set(loaded)
    ids = [panel["id"] for panel in loaded["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in loaded["panels"]:
        assert {"id", "type", "title", "gridPos"} <= set(panel)
    rows = [panel["title"].split()[0] for panel in loaded["panels"] if panel["type"] == "row"]
    assert [name.split("（")[0] for name in rows] == ["命令", "日志", "消费者", "Kafka", "期限", "进程"]


def test_every_metric_that_the_services_expose_is_shown_or_watched(series: Series) -> None:
    shown = {
        q.metric.removesuffix(end)
        for e in EXPRESSIONS
        for q in selectors_in(e)
        for end in ("", "_bucket", "_sum", "_count")
    }
    ours = {
        name.removesuffix(end) for name in series for end in ("_bucket", "_sum", "_count") if name.startswith("lika_")
    }
    plain = {name for name in ours if not any(name.endswith(end) for end in ("_bucket", "_sum", "_count"))}
    assert plain - shown == set()


def test_every_alert_speaks_both_languages_and_names_a_command() -> None:
    for rule in rules():
        assert set(rule["labels"]) == {"severity"}, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        for text in (rule["annotations"]["summary"], rule["annotations"]["remedy"]):
            zh, _, en = text.rpartition(" / ")
            assert re.search("[一-鿿]", zh), rule["alert"]
            assert re.search("[A-Za-z]", en), rule["alert"]
        assert "lika doctor" in rule["annotations"]["remedy"]


def test_alerts_name_labels_that_their_series_have(series: Series) -> None:
    for rule in rules():
        labels = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        metrics = {q.metric for q in selectors_in(rule["expr"])}
        for metric in metrics:
            assert missing(SeriesSelector(metric, frozenset(labels)), series) == [], rule["alert"]


def test_refusals_alert_nobody() -> None:
    watched = {q.metric for rule in rules() for q in selectors_in(rule["expr"])}
    assert not any(name.startswith("lika_refusals") for name in watched)


def test_what_is_scraped_is_what_answers(series: Series) -> None:
    config = yaml.safe_load((OBSERVABILITY / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = config["scrape_configs"]
    jobs = {value for e in EXPRESSIONS for q in selectors_in(e) for name, value in q.equal if name == "job"}
    assert ({job["job_name"]}, job["metrics_path"]) == (jobs, "/metrics")
    assert config["rule_files"] == ["alerts.yml"]


def test_no_label_carries_an_id_a_path_or_an_account(series: Series) -> None:
    text = json.dumps(series)
    assert "990001101001" not in text
    assert "op-1" not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)
