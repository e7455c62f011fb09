"""What waits for somebody, in one shape in every service: for whom, why, and which act answers it."""
