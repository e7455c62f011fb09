"""Writing workbooks of the form: the template, filled-in forms, and annotated ones."""
