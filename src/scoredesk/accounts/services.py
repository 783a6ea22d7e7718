"""What this room does."""
from __future__ import annotations
def save_profile(request, form):
    form.save()
