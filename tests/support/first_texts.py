"""What a service's own texts say, for tests of pure rules."""

from services.casework.documents.first_texts import FirstTexts
from services.chassis.law.content import content_of
from services.chassis.law.parameter_documents import parameters_from
from services.chassis.law.parameters import Parameters
from services.chassis.law.yaml_text import YamlText


def parameters_of(texts: FirstTexts, key: str) -> Parameters:
    """The parameters that are shipped under this key."""
    (content,) = [fact.content for fact in texts.proposals if fact.key == key]
    return parameters_from(content_of(content))


def parameters_in(key: str, values: str) -> Parameters:
    """The parameters in a YAML text of names and entries."""
    head = f"parameters: {key}\njurisdiction: CN\nvalues:"
    return parameters_from(YamlText("\n  ".join([head, *values.strip("\n").split("\n")]), "test").content)
