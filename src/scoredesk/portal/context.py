"""What every page knows: the tenant, the role, the choices in the header."""

from __future__ import annotations

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    """Context for the base templates."""
    return {"tenant": getattr(request, "tenant", None), "membership": getattr(request, "membership", None)}
