"""The command line and what a user sees."""
