"""Faults that the control room plans for coming requests, shared by both services."""

from scoredesk.sandbox.faults.book import FaultBook
from scoredesk.sandbox.faults.fault import Asked, Fault, Match, parse_fault
from scoredesk.sandbox.faults.kinds import ANSWER_KINDS, CARRIED_OUT, KINDS, WIRE_KINDS

__all__ = [
    "ANSWER_KINDS",
    "CARRIED_OUT",
    "KINDS",
    "WIRE_KINDS",
    "Asked",
    "Fault",
    "FaultBook",
    "Match",
    "parse_fault",
]
