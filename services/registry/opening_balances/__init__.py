"""A county's cutover: what an older system says that it held on the last day of its own, approved by two persons, beside what the register
holds on that day."""
