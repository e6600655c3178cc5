"""What ends a run before its time: an interrupt, a signal to end, a deadline.

All of them raise ``Stop`` where the run happens to be, so that what it has begun is undone on the way out. Some code
swallows any exception and goes on (a destructor, an import, a native library that asks Python something): so it is
raised again and again until the block has been left.
"""

from __future__ import annotations

import atexit
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""What a terminal or a system sends to a run that is to end; Windows has no SIGHUP."""
ALARM: int | None = getattr(signal, "SIGALRM", None)
"""What a timer sends; Windows has no such timer."""
_AGAIN = 0.2
"""Seconds after which a stop that may have been swallowed is raised once more."""


class Stop(BaseException):
    """The run is to end. Not an Exception, because some code handles those and goes on."""

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
    """Within the block the end of the time raises Stop. Only for systems with an alarm."""
    with _raised([signal.SIGALRM]):
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        yield


@contextmanager
def _raised(numbers: Iterable[int]) -> Iterator[None]:
    """Within the block these signals raise Stop. However the block ends after that, it ends in Stop: code that
    swallowed one may have raised something else because of it."""
    first: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if not first:
            first.append(number)
            sys.unraisablehook = lambda _: None  # what the stop meets half made has nothing to say
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
    """The outcome is known: while Python exits, nothing can be stopped any more."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """What must not be done by halves: a stop waits until the block is left. Processes started within never get it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [*SIGNALS, signal.SIGALRM])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
