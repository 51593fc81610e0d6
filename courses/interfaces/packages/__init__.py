"""Course packages: folders of YAML and Markdown that hold one course in all its languages.

The format is described in `docs/course-packages.md`. Nothing in this package imports a model.
"""
