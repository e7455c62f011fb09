"""Lists of days, costs, incomes and other grants, told row by row."""
