"""AsyncAPI 3.0: one channel per log, the topic that carries its runs, and the facts that may stand in them."""

from typing import Any

from contracts.publishing.catalogue import LOGS, Catalogue, file_name, logs_of

SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"
LONGEST_RUN = 256
"""Entries of a record."""
POSITION = {"type": "string", "pattern": "^[1-9][0-9]*$"}


def asyncapi(facts: Catalogue, schema_folder: str) -> dict[str, Any]:
    """The description of all logs; schemas are referred to by file, relative to the description."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lika facts",
            "version": "1",
            "description": "立卡各服务日志中的事实。One channel per log, in log order: a record carries a run of its entries, "
            "for the services of one installation. Payloads are canonical JSON; personal fields are sealed boxes.",
        },
        "defaultContentType": "application/json",
        "channels": {log: _channel(log) for log in LOGS},
        "operations": {f"publish_{log}": {"action": "send", "channel": {"$ref": f"#/channels/{log}"}} for log in LOGS},
        "components": {
            "messages": {f"{log}.run": _run(facts, log, schema_folder) for log in LOGS},
        },
    }


def _channel(log: str) -> dict[str, Any]:
    return {
        "address": f"lika.{log}",
        "description": f"The log of the {log} service: a cache, of which entries may be missing or come twice. "
        "Their positions say so, and the log itself has them all.",
        "messages": {"run": {"$ref": f"#/components/messages/{log}.run"}},
        "bindings": {"kafka": {"topic": f"lika.{log}", "partitions": 1, "bindingVersion": "0.5.0"}},
    }


def _run(facts: Catalogue, log: str, schema_folder: str) -> dict[str, Any]:
    entries = {"type": "array", "minItems": 1, "maxItems": LONGEST_RUN, "items": _entry(facts, log, schema_folder)}
    return {
        "name": "run",
        "title": f"A run of the {log} log",
        "summary": "Entries that follow one another, as in a page of the log over HTTP.",
        "headers": {
            "type": "object",
            "required": ["first", "last", "lineage"],
            "properties": {
                "first": {**POSITION, "description": "Position of the first entry."},
                "last": {**POSITION, "description": "Position of the last entry."},
                "lineage": {
                    "type": "string",
                    "format": "uuid",
                    "description": "Id of the command that made the log's first entry: a log made anew has another.",
                },
                "closed_through": {
                    "type": "string",
                    "format": "date-time",
                    "description": "Where the run reached the end of its log: nothing is added there before this instant.",
                },
            },
        },
        "payload": {"schemaFormat": SCHEMA_FORMAT, "schema": entries},
        "bindings": {"kafka": {"key": {**POSITION, "description": "As first."}, "bindingVersion": "0.5.0"}},
    }


def _entry(facts: Catalogue, log: str, schema_folder: str) -> dict[str, Any]:
    kinds = {key: kind for key, kind in facts.items() if log in logs_of(kind)}
    whole = {"type": "integer", "minimum": 1}
    properties: dict[str, Any] = {
        "position": whole,
        "stream": {"type": "string"},
        "version": {**whole, "description": "Number of the entry in its stream."},
        "topic": {"description": "Type of the fact and its version.", "enum": [f"{n}/{v}" for n, v in kinds]},
        "recorded_at": {"type": "string", "format": "date-time"},
        "command_id": {"type": "string", "format": "uuid"},
        "actor": {"type": "string"},
        "payload": {
            "type": "string",
            "description": "The fact's stored bytes, of the schema that its topic names.",
            "contentMediaType": "application/json",
            "contentSchema": {"oneOf": [{"$ref": f"./{schema_folder}/{file_name(*key)}"} for key in kinds]},
        },
    }
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
