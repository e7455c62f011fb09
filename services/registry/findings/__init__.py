"""Check rules of households: what of a household can hardly be so."""
