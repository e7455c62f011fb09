"""What is wrong with a form as a whole, where no single field's type or limit says it."""


class FormError(ValueError):
    """Raised by a form's validator; the answer says it at the place of the form. ``zh``, ``en``: what is to be written instead,
    never what was sent."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en
