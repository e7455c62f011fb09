"""The HTTP face that all services share: requests in, commands, answers and problems out."""
