"""What is wrong with the settings, told without what was typed, which may be a password."""

from pydantic import ValidationError

from services.chassis.ground.limits import Limits
from services.chassis.ground.oidc_settings import OidcSettings
from services.chassis.ground.settings import Settings

PREFIXES = {each.__name__: str(each.model_config["env_prefix"]) for each in (Settings, OidcSettings, Limits)}
"""Of the variables of each set of settings, by its name, which is an error's title."""


def errors_of(error: ValidationError) -> str:
    """The variables as an operator sets them, and the rule that is broken."""
    prefix = PREFIXES.get(error.title, "")
    return "; ".join(f"{_variable(prefix, e['loc'])}{e['msg']}" for e in error.errors(include_input=False))


def _variable(prefix: str, where: tuple[int | str, ...]) -> str:
    """Nothing for what is wrong with several together. A setting with a name of its own (``DATABASE_URL``) is told by that."""
    if not where:
        return ""
    name, *within = map(str, where)
    variable = name if name.isupper() else f"{prefix}{name.upper()}"
    return f"{'.'.join([variable, *within])}: "
