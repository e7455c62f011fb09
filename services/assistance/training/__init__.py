"""Training: from the need to the certificate."""
