"""What runs beside the database: the house itself, its identity provider, Kafka."""

import anyio
import httpx
import psycopg
from kafka.errors import KafkaError

from lika.operations.checks.consumers import head_position
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.kafka.cluster import Cluster, KafkaUnusable
from services.chassis.kafka.topic import name_of, require_topics
from services.chassis.security.provider_keys import json_at, jwks_file


def house(installation: Installation) -> Finding:
    """Whether the house answers over HTTP, and is the one that uses these databases."""
    url, readiness = installation.url, installation.readiness
    has_database = installation.conninfo is not None
    used = has_database and _has_other_sessions(installation)
    if all(answer.status is None for answer in readiness.values()):
        if installation.must_answer:
            return broken("house", "house_unreachable", url=url)
        if used:
            return warning("house", "databases_used_elsewhere", url=url)
        return ok("house", "house_not_running")
    if strange := [name for name, answer in readiness.items() if answer.status not in (200, 503)]:
        return broken("house", "services_not_found", url=url, services=strange)
    if has_database and not used:
        return warning("house", "other_databases", url=url)
    if unready := {name: answer.parts for name, answer in readiness.items() if answer.status == 503}:
        parts = "; ".join(f"{name}: {', '.join(parts)}" for name, parts in unready.items())
        return broken("house", "services_not_ready", parts=parts)
    return ok("house", "house_ready", url=url)


def _has_other_sessions(installation: Installation) -> bool:
    try:
        return installation.has_other_sessions
    except psycopg.Error:
        return False


def identity(installation: Installation) -> Finding:
    """Whether the public keys of the identity provider can be had."""
    settings = installation.settings
    if settings.jwks_url is None and settings.jwks_file is None:
        return ok("identity", "tokens_signed_here")
    try:
        load = jwks_file(settings.jwks_file) if settings.jwks_file is not None else json_at(str(settings.jwks_url))
        count = len(anyio.run(load)["keys"])
    except (OSError, httpx.HTTPError, ValueError, TypeError, KeyError) as error:
        return broken("identity", "public_keys_unreadable", error=type(error).__name__)
    return ok("identity", "public_keys_readable", count=count)


def kafka(installation: Installation) -> Finding:
    """Whether the brokers answer, when there are to be any, and hold a topic for each log."""
    settings = installation.settings
    if not settings.kafka_bootstrap_servers:
        return ok("kafka", "kafka_not_set")
    cluster = Cluster(settings.kafka_bootstrap_servers, settings=settings)
    try:
        missing = require_topics(cluster, installation.logs, settings.kafka_retention_hours, make=False)
    except KafkaUnusable as unusable:
        return broken("kafka", "kafka_unusable", reason=unusable.message)
    except KafkaError as error:
        return broken("kafka", "kafka_unreachable", error=type(error).__name__)
    if installation.is_running and (lacking := [log for log in missing if head_position(installation, log)]):
        return warning("kafka", "topics_missing", topics=[name_of(log) for log in lacking])
    return ok("kafka", "kafka_reachable", topics=len(installation.logs) - len(missing))
