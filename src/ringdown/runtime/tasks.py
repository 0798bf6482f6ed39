"""The one place where background tasks are made: each has a name and an owner that ends it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Any, Self

import structlog

from ringdown.core.errors import RingdownError

Log = structlog.typing.FilteringBoundLogger


class Tasks:
    """An owner of tasks: leaving it cancels and awaits every one of them."""

    def __init__(self, log: Log | None = None) -> None:
        self._log: Log = log or structlog.get_logger("tasks")
        self._running: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def spawn(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run `work` once. A failure is logged with its code, never swallowed."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def supervise(
        self,
        name: str,
        work: Callable[[], Awaitable[None]],
        *,
        backoff_s: tuple[float, ...] = (0.1, 0.5, 1, 2, 5),
        on_failure: Callable[[BaseException], None] | None = None,
    ) -> asyncio.Task[Any]:
        """Run `work` until it returns, starting it again after each failure.

        The pause grows along `backoff_s` and starts over once a run has lasted ten seconds.
        """

        async def run() -> None:
            loop = asyncio.get_running_loop()
            failures = 0
            while True:
                started = loop.time()
                try:
                    await work()
                except Exception as error:  # noqa: BLE001 - the supervisor is where it belongs
                    failures = 0 if loop.time() - started > 10 else failures
                    pause = backoff_s[min(failures, len(backoff_s) - 1)]
                    failures += 1
                    self._log.error("task failed", task=name, pause_s=pause, **describe(error))
                    if on_failure is not None:
                        on_failure(error)
                    await asyncio.sleep(pause)
                else:
                    return

        return self.spawn(name, run())

    async def close(self) -> None:
        """Cancel everything and wait until it has ended."""
        while self._running:
            running = list(self._running)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._log.error("task failed", task=task.get_name(), **describe(error))


def describe(error: BaseException) -> dict[str, object]:
    """What may be logged of an error: its type, its code, where it was raised; never its text."""
    trace = error.__traceback__
    where = "unknown"
    while trace is not None:
        code = trace.tb_frame.f_code
        where = f"{code.co_filename.rpartition('ringdown/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    told: dict[str, object] = {"error": type(error).__name__, "where": where}
    if isinstance(error, RingdownError):
        told["code"] = error.code
        told["details"] = error.details
    return told
