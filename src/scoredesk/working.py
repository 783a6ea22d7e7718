"""A worker that outlives its database: when PostgreSQL goes away, it begins again.

Procrastinate's own command ends, with status 0, as soon as its connection is lost.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import cast

import psycopg
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

AGAIN_SECONDS = 1.0

log = logging.getLogger(__name__)


def work(concurrency: int) -> None:
    """Runs jobs until SIGINT or SIGTERM, then lets the running ones end. Django is set up."""
    asyncio.run(_until_told(concurrency))


async def _until_told(concurrency: int) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    while not told.is_set():
        await _one_life(concurrency, told)
        if not told.is_set():
            log.warning("The worker lost its database; it begins again.")
            await _pause(told)


async def _one_life(concurrency: int, told: asyncio.Event) -> None:
    """From one start of Procrastinate's worker to its end, or until we are told to stop."""
    worker = asyncio.create_task(_serve(concurrency))
    stop = asyncio.create_task(told.wait())
    await asyncio.wait({worker, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if told.is_set():
        worker.cancel()  # which Procrastinate takes as a wish: running jobs end first
    try:
        await worker
    except asyncio.CancelledError:
        log.debug("the worker has stopped")
    except (psycopg.Error, exceptions.ConnectorException) as fault:
        log.warning("The worker stopped: %s", fault)


async def _serve(concurrency: int) -> None:
    # A fresh pool for each life; the old one may hold dead connections.
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(connector):
        async with app.open_async():
            await app.run_worker_async(
                concurrency=concurrency, delete_jobs="successful", install_signal_handlers=False
            )


async def _pause(told: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(told.wait(), AGAIN_SECONDS)
    except TimeoutError:
        return
