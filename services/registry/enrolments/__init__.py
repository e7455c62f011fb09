"""Acts by which departments of education enter and correct enrolments (学籍) and attendance."""
