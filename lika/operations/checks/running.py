"""What runs beside the database: the house itself, its identity provider, Kafka."""

import json
from typing import Any

import httpx
import psycopg
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from lika.house import BUILDS
from lika.operations.checks.consumers import head
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import CONNECT, Premises
from services.chassis.kafka.topic import name_of


def answers(house: Premises) -> Finding:
    """Whether the house answers over HTTP, and is the one that uses these databases."""
    silent = all(answer.status is None for answer in house.health.values())
    used = house.conninfo is not None and _used(house)
    if silent and house.expected:
        return broken(
            "house", f"{house.url} 没有应答", f"{house.url} does not answer",
            "请执行 lika up，或检查 --url / LIKA_URL", "run lika up, or check --url / LIKA_URL",
        )  # fmt: skip
    if silent and used:
        return warning(
            "house", f"数据库正被使用，但 {house.url} 没有应答", f"somebody uses the databases, but {house.url} does not answer",
            "若服务在别的端口，请用 --url 指明；否则请查看其日志", "if the house listens elsewhere, name it by --url; else look at its log",
        )  # fmt: skip
    if silent:
        return ok("house", "没有运行（lika up 启动）", "not running (lika up starts it)")
    if strange := [name for name, answer in house.health.items() if answer.status not in (200, 503)]:
        return broken(
            "house", f"{house.url} 没有服务 {'、'.join(strange)}", f"{house.url} has no service {', '.join(strange)}",
            "该端口可能由其他程序占用，请检查 --url", "another program may listen there: check --url",
        )  # fmt: skip
    if house.conninfo is not None and not used:
        return warning(
            "house", f"{house.url} 在运行，但用的不是这里的数据库", f"{house.url} runs, but not on these databases",
            "请核对 LIKA_DATA_DIR、DATABASE_URL 与 --url", "compare LIKA_DATA_DIR, DATABASE_URL and --url",
        )  # fmt: skip
    if unready := {name: answer.parts for name, answer in house.health.items() if answer.status == 503}:
        listed = "; ".join(f"{name}: {', '.join(parts)}" for name, parts in unready.items())
        return broken(
            "house", f"未就绪：{listed}", f"not ready: {listed}",
            "见 database（数据库）和各服务的 consumers（消费者）", "see database, and the consumers of that service",
        )  # fmt: skip
    return ok("house", f"{house.url} 各服务均就绪", f"every service at {house.url} is ready")


def _used(house: Premises) -> bool:
    try:
        return house.used
    except psycopg.Error:
        return False


def identity(house: Premises) -> Finding:
    """Whether the public keys of the identity provider can be had."""
    settings = house.settings
    if settings.jwks_url is None and settings.jwks_file is None:
        return ok("identity", "令牌由本地密钥签发", "tokens are signed by this installation's own key")
    try:
        if settings.jwks_file is not None:
            document: Any = json.loads(settings.jwks_file.read_bytes())
        else:
            assert settings.jwks_url is not None
            document = httpx.get(settings.jwks_url, timeout=CONNECT).raise_for_status().json()
        count = len(document["keys"])
    except (OSError, httpx.HTTPError, ValueError, TypeError, KeyError) as error:
        return broken(
            "identity", f"无法读取身份公钥（{type(error).__name__}）", f"the provider's keys cannot be read ({type(error).__name__})",
            "请检查 LIKA_JWKS_URL / LIKA_JWKS_FILE；读不到时无人能登录",
            "check LIKA_JWKS_URL / LIKA_JWKS_FILE: without them nobody can sign in",
        )  # fmt: skip
    return ok("identity", f"身份公钥 {count} 个可读取", f"{count} public keys can be read")


def kafka(house: Premises) -> Finding:
    """Whether the brokers answer, when there are to be any, and hold a topic for each log."""
    servers = house.settings.kafka_bootstrap_servers
    if not servers:
        return ok("kafka", "没有设置 KAFKA_BOOTSTRAP_SERVERS", "KAFKA_BOOTSTRAP_SERVERS is not set")
    try:
        client = KafkaAdminClient(bootstrap_servers=servers, bootstrap_timeout_ms=CONNECT * 1000)
        try:
            topics = set(client.list_topics())
        finally:
            client.close()
    except (KafkaError, OSError, ValueError) as error:
        return broken(
            "kafka", f"无法连接 Kafka（{type(error).__name__}）", f"Kafka cannot be reached ({type(error).__name__})",
            "请检查 KAFKA_BOOTSTRAP_SERVERS 和 broker 是否运行；其间读者改走 HTTP，事实不会丢失",
            "check KAFKA_BOOTSTRAP_SERVERS and the brokers; meanwhile readers go by HTTP and nothing is lost",
        )  # fmt: skip
    missing = [name_of(n) for n in BUILDS if name_of(n) not in topics and head(house, n)] if house.runs else ()
    if missing:
        return warning(
            "kafka", f"缺少主题 {'、'.join(missing)}", f"missing topics: {', '.join(missing)}",
            "中继没有发送，请查看日志中的 relay_waits；其间读者改走 HTTP",
            "no relay sends: look for relay_waits in the log; meanwhile readers go by HTTP",
        )  # fmt: skip
    return ok("kafka", f"Kafka 可连接，{len(topics)} 个主题", f"Kafka answers, {len(topics)} topics")
