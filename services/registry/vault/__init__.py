"""The vault: the data keys of personal data, in a database of their own."""
