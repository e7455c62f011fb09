"""Who a person is: corrected by a procedure, and the document that came later."""
