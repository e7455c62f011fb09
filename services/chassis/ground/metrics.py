"""Metrics of the running process, for Prometheus. No label carries an id."""

import platform

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from services.chassis.ground.release import release

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series beside each counter, which nobody reads

REGISTRY = CollectorRegistry()
"""One per process; a process that mounts several services tells them apart by the label ``service``."""

ProcessCollector(registry=REGISTRY)  # memory, processor time and open files, where the system tells them

build_info = Gauge("lika_build_info", "1; the release that runs", ["version", "python"], registry=REGISTRY)
http_requests = Counter(
    "lika_http_requests", "HTTP requests", ["service", "route", "method", "status"], registry=REGISTRY
)
http_seconds = Histogram(
    "lika_http_request_seconds", "Time to answer", ["service", "route", "method"], registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)  # fmt: skip
refusals = Counter("lika_refusals", "Requests refused, by the rule's code", ["service", "code"], registry=REGISTRY)
incidents = Counter("lika_incidents", "Unexpected failures, answered with 500", ["service"], registry=REGISTRY)
database_up = Gauge("lika_database_up", "Whether the service's database answers", ["service"], registry=REGISTRY)
data_free_bytes = Gauge("lika_data_free_bytes", "Bytes free under the data folder", ["service"], registry=REGISTRY)
log_head = Gauge("lika_log_head", "Last position of the service's own log", ["service"], registry=REGISTRY)
log_closed_through = Gauge(
    "lika_log_closed_through_seconds", "Unix time before which nothing will ever be added to the log", ["service"],
    registry=REGISTRY,
)  # fmt: skip
log_closed_age = Gauge(
    "lika_log_closed_age_seconds", "How long ago that is on the log's own clock", ["service"], registry=REGISTRY
)
consumer_runs = Gauge(
    "lika_consumer_runs", "Whether a consumer goes on: neither stopped nor failing", ["service", "consumer", "log"],
    registry=REGISTRY,
)  # fmt: skip
consumer_lag = Gauge(
    "lika_consumer_lag", "Positions that a consumer is behind a log's head", ["service", "consumer", "log"],
    registry=REGISTRY,
)  # fmt: skip
parked_households = Gauge(
    "lika_parked_households", "Households whose events are parked behind poison", ["service", "consumer"],
    registry=REGISTRY,
)  # fmt: skip
relay_lag = Gauge(
    "lika_relay_lag", "Positions of the log that Kafka has not acknowledged, where this process leads", ["service"],
    registry=REGISTRY,
)  # fmt: skip
relay_leads = Gauge(
    "lika_relay_leads", "Whether this process's relay is the one that sends", ["service"], registry=REGISTRY
)
timers_due = Gauge("lika_timers_due", "Timers past their deadline and not yet fired", ["service"], registry=REGISTRY)
timers_failing = Gauge(
    "lika_timers_failing", "Timers whose handler failed and that are tried again", ["service"], registry=REGISTRY
)
vault_keys = Counter(
    "lika_vault_keys",
    "Data keys that a service asked the vault for, by operation",
    ["service", "kind"],
    registry=REGISTRY,
)
data_keys_unusable = Gauge(
    "lika_data_keys_unusable", "Data keys that sealed facts name and that the vault has lost or cannot open, as last compared",
    ["service"], registry=REGISTRY,
)  # fmt: skip
certificate_ends = Gauge(
    "lika_certificate_ends_seconds", "Unix time at which the certificate ends that a setting names", ["setting"],
    registry=REGISTRY,
)  # fmt: skip
integrity_differences = Gauge(
    "lika_integrity_differences", "Entries of the service's log and copies that differ from their digests", ["service"],
    registry=REGISTRY,
)  # fmt: skip
integrity_age = Gauge(
    "lika_integrity_age_seconds", "Since the newest end of every log of the service was last compared", ["service"],
    registry=REGISTRY,
)  # fmt: skip
commands_waiting = Gauge("lika_commands_waiting", "Units queued for the next commit", ["service"], registry=REGISTRY)
conflicts = Counter(
    "lika_conflicts", "Units that lost: an idempotency key used twice, a stream or a cursor that moved on",
    ["service", "kind"], registry=REGISTRY,
)  # fmt: skip
commit_seconds = Histogram(
    "lika_commit_seconds", "From asking for the append lock until the group is durable", ["service"], registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
commit_group_size = Histogram(
    "lika_commit_group_size", "Units of work in one transaction", ["service"], registry=REGISTRY,
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
)  # fmt: skip
log_values_dropped = Counter(
    "lika_log_values_dropped", "Values kept out of log lines because they are not known to be safe", registry=REGISTRY
)

security_log_failures = Counter(
    "lika_security_log_failures", "Lines of the security log that could not be written", registry=REGISTRY
)

CONFLICTS = ("key_reused", "stream_moved", "cursor_moved")
"""Kinds of conflicts."""

build_info.labels(release(), platform.python_version()).set(1)
