"""The program ``lika``: runs the house and works on the whole of it. The only package that imports several services."""
