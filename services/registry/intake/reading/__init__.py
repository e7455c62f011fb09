"""Reading a workbook: bytes in, drafts and named errors out. Pure: no clock, no database."""
