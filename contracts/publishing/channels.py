"""AsyncAPI 3.0: one channel per log, and the facts that may stand in it."""

from typing import Any

from contracts.publishing.catalogue import LOGS, Catalogue, file_name, logs_of

SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"


def asyncapi(facts: Catalogue, schema_folder: str) -> dict[str, Any]:
    """The description of all logs; schemas are referred to by file, relative to the description."""
    names = {key: f"{key[0]}.v{key[1]}" for key in facts}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lika facts",
            "version": "1",
            "description": "立卡各服务日志中的事实。One channel per log, in log order. "
            "Payloads are canonical JSON; personal fields are sealed boxes.",
        },
        "defaultContentType": "application/json",
        "channels": {log: _channel(facts, names, log) for log in LOGS},
        "operations": {f"publish_{log}": {"action": "send", "channel": {"$ref": f"#/channels/{log}"}} for log in LOGS},
        "components": {
            "messages": {
                names[key]: {
                    "name": key[0],
                    "title": f"{key[0]}, version {key[1]}",
                    "summary": _first_line(kind.__doc__),
                    "payload": {
                        "schemaFormat": SCHEMA_FORMAT,
                        "schema": {"$ref": f"./{schema_folder}/{file_name(*key)}"},
                    },
                }
                for key, kind in facts.items()
            }
        },
    }


def _channel(facts: Catalogue, names: dict[tuple[str, int], str], log: str) -> dict[str, Any]:
    held = [names[key] for key, kind in facts.items() if log in logs_of(kind)]
    return {
        "address": f"lika.{log}",
        "description": f"The log of the {log} service.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in held},
    }


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n", 1)[0]
