"""Code lists as documents: the words that a form's codes go by, which an operator adds to without a release."""
