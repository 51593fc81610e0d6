"""The pages that a new site begins with: front page, catalogue and plain pages in each language."""
