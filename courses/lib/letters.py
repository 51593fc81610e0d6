"""Letters go one by one: what keeps one of them from going keeps no other."""

import logging
from collections.abc import Callable, Iterable
from smtplib import SMTPServerDisconnected
from socket import gaierror
from traceback import format_tb

logger = logging.getLogger(__name__)


def send_each(keys: Iterable[int], send: Callable[[int], int], *, what: str) -> int:
    """The sum of what `send` says of each key. One that raises is logged, by `what` and its key, and the others go on;
    where the mail server isn't there at all, or has hung up, the rest waits for the next run. `send` is
    atomic.
    """
    sent = 0
    for key in keys:
        try:
            sent += send(key)
        except Exception as error:
            # Whatever it is: a refused recipient, a template, a row that went. It is this letter's alone.
            # Not the error's own words: those of a refused recipient are an address.
            frames = "".join(format_tb(error.__traceback__))
            logger.error("%s %s: its letter failed: %s\n%s", what, key, type(error).__name__, frames)
            if isinstance(error, (ConnectionError, TimeoutError, gaierror, SMTPServerDisconnected)):
                break
    return sent
