"""What ends a run before its time: an interrupt, a signal to end, a deadline.

All of them raise where the run happens to be, so that what it has begun is undone on the way out. Some code swallows
any fault and goes on (a destructor, an import, a native library that asks Python something): so they raise again and
again until the run has ended.
"""

from __future__ import annotations

import atexit
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What a terminal or a system sends to a run that is to end."""
_AGAIN = 0.2
"""Seconds after which a stop that may have been swallowed is raised once more."""


class Stop(BaseException):
    """The run is to end. Not an Exception, because some code answers those and goes on."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        """The signal; SIGALRM where a deadline has passed."""

    @property
    def exit_code(self) -> int:
        """What a shell says of a program that this signal has ended: 130 for an interrupt."""
        return 128 + self.number


@contextmanager
def heeded() -> Iterator[None]:
    """Within the block the signals raise Stop; one that the caller had ignored stays ignored.

    However the block ends after that, it ends in Stop: who swallowed one may have told another story.
    """
    before: dict[signal.Signals, Any] = {}
    asked: list[int] = []
    hook = sys.unraisablehook

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        _again(number)
        raise Stop(number)

    def quiet(problem: Any) -> None:
        if not asked:  # else it met what was only half made
            hook(problem)

    sys.unraisablehook = quiet
    atexit.register(_settle)
    try:
        for number in SIGNALS:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, stop)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook
        if asked:
            raise Stop(asked[0]) from None


def _settle() -> None:
    """The outcome is known: while Python takes itself apart nothing can be stopped any more."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _again(number: int) -> None:
    def raising(_number: int, _frame: FrameType | None) -> None:
        raise Stop(number)

    signal.signal(signal.SIGALRM, raising)
    signal.setitimer(signal.ITIMER_REAL, _AGAIN, _AGAIN)


@contextmanager
def deadline(seconds: float) -> Iterator[list[bool]]:
    """Within the block the end of the time raises Stop, which ends the block quietly; the list then is not empty."""
    passed: list[bool] = []

    def late(number: int, _frame: FrameType | None) -> None:
        passed.append(True)
        raise Stop(number)

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        try:
            yield passed
        finally:
            if signal.getsignal(signal.SIGALRM) is late:
                signal.setitimer(signal.ITIMER_REAL, 0)
    except BaseException as problem:
        if not passed or (isinstance(problem, Stop) and problem.number != signal.SIGALRM):
            raise
    finally:
        if signal.getsignal(signal.SIGALRM) is late:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


@contextmanager
def held() -> Iterator[None]:
    """What must not be done by halves: a stop waits until the block is left. Processes started within never get it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (*SIGNALS, signal.SIGALRM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
