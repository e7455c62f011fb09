"""The household-collection form: workbooks in and out. Reading is pure: bytes in, drafts and named errors out."""
