"""Double-entry books in fen, derived from facts and folded by effective day."""
