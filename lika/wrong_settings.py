"""What is wrong with the settings, told without what was typed, which may be a password."""

from pydantic import ValidationError


def errors_of(error: ValidationError) -> str:
    """Names, and the rule that is broken."""
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
