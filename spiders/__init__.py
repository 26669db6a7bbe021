"""The spiders: one module per kind of page that is watched, and the worker that claims jobs."""
