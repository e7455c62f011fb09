"""What a code or an id names, as its label says it, told in full: people choose it and type none."""

SUBJECTS = {
    "registry": "household",
    "assistance": "household_or_person",
    "monitoring": "monitoring/projects#project_id",
}
"""By service: what its cases and records are about."""
LOOKED_UP = frozenset({"household", "person", "household_or_person"})
"""By the numbers that people have, in the register."""
OF_A_LIST = "codes/"
"""Begins the name of a code list that the labels have."""


def resolved(refers: str | None, service: str) -> str | None:
    """With the service whose list it is; ``None`` where nothing is said. What stands in the field's own service says none; of several
    kinds of documents, one is named after the other, with a stroke between."""
    if not refers:
        return None
    if "|" in refers:
        return "|".join(resolved(each, service) or each for each in refers.split("|"))
    said = SUBJECTS[service] if refers == "subject" else refers
    own = said in LOOKED_UP or said.startswith(OF_A_LIST) or said.partition("/")[0] in SUBJECTS
    return said if own else f"{service}/{said}"
