"""Names and an order that tell nothing, for what a learner's page must show without telling the answer."""

from django.utils.crypto import salted_hmac


def veiled(purpose: str, identifier: str) -> str:
    """A name for something, the same in every language and each time it is frozen, that only this site can make.

    Without it, who knows how the ids of package content are made could read the key from a page's source. Sorting by
    it is a shuffle: it has nothing to do with the order in which things were written.
    """
    return salted_hmac(f"courses.quizzes.{purpose}", identifier, algorithm="sha256").hexdigest()[:16]
