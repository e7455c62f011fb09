"""Every list as a table, in xlsx or CSV: the same query, filters, scope and masks as its JSON, by content negotiation."""
