"""Questions of other systems: GIFT, Moodle XML, Aiken and (reading only) QTI.

`api` is the door. `entries` says what a file holds, in one language and without regard to our own types of
questions; `report` says what became of each question of a file. Nothing in this package imports a model.
"""
