"""The workbook of a county's staff: members with their accounts and posts, and who stands in for whom."""
