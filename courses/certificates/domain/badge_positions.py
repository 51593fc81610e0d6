"""Where the bit of each certificate's badge is in the public status lists: at random, once, for ever.

A badge says its place to whoever sees it. Taken in the order of the rows, it would tell how many certificates there
are, and which of two was issued first.
"""

from django.db.models import Max

from courses.certificates.interfaces.badges import status
from courses.certificates.models import Certificate

# With so many, a list is about two thirds full when the next one begins.
GUESSES = 20


def free_position() -> int:
    """A random place that no certificate had a moment ago; the constraint on the row is the last word, and whoever
    loses asks again.

    It is in the last list until so much of that is taken that all guesses fail: then in a new one. Two queries, in a
    list that is half full three.
    """
    number = last_list()
    for _guess in range(GUESSES):
        position = status.random_position(number)
        if not is_taken(position):
            return position
    return status.random_position(number + 1)


def is_taken(position: int) -> bool:
    return Certificate.objects.filter(badge_position=position).exists()


def last_list() -> int:
    """The number of the last list that a certificate is in; 0 where there is none yet. One query."""
    last = Certificate.objects.aggregate(last=Max("badge_position"))["last"] or 0
    return status.place_of(last)[0]
