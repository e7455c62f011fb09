"""Check rules of projects: works late, issues not put right, assets misused, the same work twice."""
