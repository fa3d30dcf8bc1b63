"""When a request is repeated that failed for a reason that may be over soon."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_DELAY = 0.5
_LONGEST_DELAY = 10.0


class Patience:
    """
    The pauses between the tries of one request, until patience ends.

    Pauses double from half a second to ten, each shortened by chance by up to a half, so that many tasks that lost the same service do not
    come back all at once. A ``Retry-After`` of the service is kept to.

    :param seconds: How long to go on from the first failure.
    :param clock: Tells the time in seconds.
    :param chance: A random number from 0 to 1.
    """

    def __init__(self, seconds: float, clock: Callable[[], float], chance: Callable[[], float] = random.random) -> None:
        self._seconds = seconds
        self._clock = clock
        self._chance = chance
        self._since: float | None = None
        self._tries = 0

    @property
    def failed_for(self) -> float:
        """Seconds since the first failure in a row; 0 without one."""
        return 0.0 if self._since is None else self._clock() - self._since

    def renew(self) -> bool:
        """
        Forget the failures: a try has succeeded.

        :return: Whether there were any.
        """
        failed = self._since is not None
        self._since, self._tries = None, 0
        return failed

    def next_pause(self, retry_after: float | None = None) -> float | None:
        """
        Count a failure.

        :param retry_after: After how many seconds the service wants to be asked again.
        :return: How long to wait before the next try; none when patience has ended.
        """
        now = self._clock()
        if self._since is None:
            self._since = now
        remaining = self._since + self._seconds - now
        if remaining <= 0:
            return None
        pause = min(_FIRST_DELAY * 2**self._tries, _LONGEST_DELAY) * (1 - self._chance() / 2)
        self._tries = min(self._tries + 1, 30)
        return min(max(pause, retry_after or 0), remaining)


def retry_after_of(header: str | None, now: datetime | None = None) -> float | None:
    """
    Read a ``Retry-After`` header.

    :param header: Seconds, or a date; none when there is no header.
    :param now: The time.
    :return: Seconds from now on; none when the header says nothing that can be read.
    """
    if not header:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    return max(0.0, (date - (now or datetime.now(timezone.utc))).total_seconds())
