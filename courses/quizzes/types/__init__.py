"""The types of questions; each has its own module."""
