"""Callers of the stand-in Microsoft Graph, as fresh for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.sandbox.microsoft.graph_caller import GraphCaller

from scoredesk.sandbox.program import RunningSandbox


@pytest.fixture
def graph(sandbox_program: RunningSandbox) -> Iterator[GraphCaller]:
    """The registered application, which may read."""
    sandbox_program.reset()
    caller = GraphCaller(sandbox_program.microsoft_url)
    yield caller
    caller.close()


@pytest.fixture
def writer(graph: GraphCaller) -> GraphCaller:
    """The registered application with the permission to write, too."""
    graph.switch(graph_roles="SecurityEvents.ReadWrite.All")
    return graph
