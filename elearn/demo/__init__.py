"""The demonstration of a fresh installation: site, associations, people who learn. Only where the settings allow it."""
