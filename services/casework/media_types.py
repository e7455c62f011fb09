"""Media types that several rooms of casework speak of."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
