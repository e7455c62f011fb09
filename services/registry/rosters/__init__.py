"""The workbook of a school's pupils (学生花名册): where each is enrolled, how they are placed, and what they missed."""
