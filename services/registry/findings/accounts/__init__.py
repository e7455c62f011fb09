"""Check rules of bank accounts: whose account is another household's, too. Nobody sees an account for it."""
