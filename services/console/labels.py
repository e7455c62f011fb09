"""The labels as pages use them."""

from typing import Any

from services.chassis.ground.labels import Label, Labels


def browser_labels(labels: Labels) -> dict[str, Any]:
    """``facts`` and ``fields``: name → [Chinese, English]; ``codes``: list → code → the same."""

    def pair(label: Label) -> list[str]:
        return [label.zh, label.en]

    return {
        "facts": {name: pair(label) for name, label in labels.facts.items()},
        "fields": {name: pair(label) for name, label in labels.fields.items()},
        "codes": {
            name: {code: pair(label) for code, label in each.codes.items()} for name, each in labels.codes.items()
        },
    }
