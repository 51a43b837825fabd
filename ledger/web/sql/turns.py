"""Places for a few at once, given in the order in which they were asked for.

A semaphore of Python gives a place to whoever comes by when it is free: of many who ask, one may
wait for all the others.
"""

from collections import deque
from threading import Event, Lock


class Turns:
    """So many places; for any number of threads."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._lock = Lock()
        self._waiting: deque[Event] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for a place, for a time at most; whether there was one."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            called = Event()
            self._waiting.append(called)
        if called.wait(seconds):
            return True
        with self._lock:
            if called.is_set():  # between the end of the time and now
                return True
            self._waiting.remove(called)
            return False

    def give_back(self) -> None:
        """Let the next have the place."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
