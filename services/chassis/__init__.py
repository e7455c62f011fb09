"""The microservice chassis: the runtime that all services share. No domain noun in it."""
