"""Lika's services. They never import one another: they meet through events and HTTP."""
