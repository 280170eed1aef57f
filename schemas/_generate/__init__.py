"""The generators that schemas/generate.py runs, one module for each kind of document."""
