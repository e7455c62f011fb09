"""The staff directory: who held which post where on a day, as known then, and under which account they acted.

It stands in the registry's log; another service follows its facts with the same view.
"""
