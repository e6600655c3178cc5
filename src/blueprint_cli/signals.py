"""What ends a run early: an interrupt, a request to terminate, a deadline.

Each raises ``Stop`` wherever the run happens to be, so that what it has begun is undone on the way out. Some code
swallows every exception and goes on (a destructor, an import, a native library that calls Python), so ``Stop`` is
raised again and again until the block has been left (D-37).
"""

from __future__ import annotations

import atexit
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""What a terminal or a system sends to end a run; Windows has no SIGHUP."""
ALARM: int | None = getattr(signal, "SIGALRM", None)
"""What a timer sends; Windows has no such signal."""
_AGAIN = 0.2
"""Seconds after which a stop that may have been swallowed is raised once more."""


class Stop(BaseException):
    """The run must end. Not an Exception, because some code handles those and goes on."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        """The signal; SIGALRM where a deadline has passed."""

    @property
    def exit_code(self) -> int:
        """The exit code that a shell gives a program which this signal has ended: 130 for an interrupt."""
        return 128 + self.number


@contextmanager
def heeded() -> Iterator[None]:
    """Within the block the signals raise Stop; one that the caller had ignored stays ignored."""
    hook = sys.unraisablehook
    atexit.register(_ignore)
    try:
        with _raised(number for number in SIGNALS if signal.getsignal(number) not in (signal.SIG_IGN, None)):
            yield
    finally:
        sys.unraisablehook = hook


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """A block that takes longer than this ends in Stop. Only for systems with an alarm."""
    with _raised([signal.SIGALRM]):
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        yield


@contextmanager
def _raised(numbers: Iterable[int]) -> Iterator[None]:
    """Within the block these signals raise Stop. Once one has, the block ends in Stop, however it ends by itself: code
    that swallowed it may have raised something else because of it."""
    first: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if not first:
            first.append(number)
            sys.unraisablehook = lambda _: None  # a destructor that is interrupted need not be reported
            if ALARM is not None:
                signal.signal(ALARM, stop)
                signal.setitimer(signal.ITIMER_REAL, _AGAIN, _AGAIN)
        raise Stop(first[0])

    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        if ALARM is not None and signal.getsignal(ALARM) is stop:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            if signal.getsignal(number) is stop:
                signal.signal(number, handler)
        if first:
            raise Stop(first[0]) from None


def _ignore() -> None:
    """Ignore the signals while Python exits: the outcome is known by then."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """A block that must not be interrupted: a stop waits until it is left. Processes started in it never get one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [*SIGNALS, signal.SIGALRM])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
