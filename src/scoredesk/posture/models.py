"""How Secure Score is reached, and what it said: snapshots, improvement actions, their history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.accounts.models import Person, Tenant, TenantRows


class CredentialKind(models.TextChoices):
    """How Scoredesk proves itself to Microsoft Entra ID."""

    CLIENT_SECRET = "client_secret", _("Client secret")
    CERTIFICATE = "certificate", _("Certificate")
    MANAGED_IDENTITY = "managed_identity", _("Managed identity")


class SecureScoreSource(models.Model):
    """How to reach Microsoft Graph for one tenant, and how the last refresh went."""

    tenant = models.OneToOneField(
        Tenant, on_delete=models.CASCADE, related_name="secure_score_source"
    )
    directory = models.CharField(_("tenant ID"), max_length=80)
    kind = models.CharField(max_length=24, choices=CredentialKind.choices)
    client_id = models.CharField(_("client ID"), max_length=80, blank=True)
    sealed_secret = models.TextField(blank=True)
    sealed_certificate = models.TextField(blank=True)
    saved_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)
    attempted_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    refreshing_since = models.DateTimeField(null=True)
    fault_code = models.CharField(max_length=80, blank=True)
    fault_detail = models.TextField(blank=True)
    fault_facts = models.JSONField(default=dict)

    # What a person does about a secret that no key opens (accounts.rotation).
    SEALED: ClassVar = {
        "sealed_secret": _("Enter the client secret again on the page Secure Score source."),
        "sealed_certificate": _("Enter the certificate again on the page Secure Score source."),
    }
    objects = TenantRows.as_manager()

    def __str__(self) -> str:
        return f"{self.directory} ({self.kind})"


class ScoreSnapshot(models.Model):
    """One day's Secure Score as Microsoft gave it."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="snapshots")
    graph_id = models.CharField(max_length=120)
    day = models.DateField()
    current_score = models.FloatField()
    max_score = models.FloatField()
    comparisons = models.JSONField(default=list)
    enabled_services = models.JSONField(default=list)
    raw = models.JSONField(default=dict)

    objects = TenantRows.as_manager()

    class Meta:
        ordering: ClassVar = ["-day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "day"], name="one_snapshot_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.current_score}/{self.max_score}"

    @property
    def percent(self) -> float:
        """Points reached as a share of all points, 0–100."""
        return self.current_score / self.max_score * 100 if self.max_score else 0.0


class Category(models.TextChoices):
    """Microsoft's five groups of improvement actions, and one for what the capture leaves open."""

    IDENTITY = "Identity", pgettext_lazy("category", "Identity")
    DATA = "Data", pgettext_lazy("category", "Data")
    DEVICE = "Device", pgettext_lazy("category", "Device")
    APPS = "Apps", pgettext_lazy("category", "Apps")
    INFRASTRUCTURE = "Infrastructure", pgettext_lazy("category", "Infrastructure")
    OTHER = "Other", pgettext_lazy("category", "Other")


class ActionStatus(models.TextChoices):
    """The portal's words for how an improvement action stands."""

    TO_ADDRESS = "to_address", _("To address")
    COMPLETED = "completed", _("Completed")
    RISK_ACCEPTED = "risk_accepted", _("Risk accepted")
    THIRD_PARTY = "third_party", _("Resolved through third party")
    ALTERNATE = "alternate", _("Resolved through alternate mitigation")
    NOT_SCORED = "not_scored", _("Not scored")


class Effort(models.TextChoices):
    """Microsoft's mixed-case effort and impact values, brought to one spelling."""

    LOW = "low", pgettext_lazy("effort", "Low")
    MODERATE = "moderate", pgettext_lazy("effort", "Moderate")
    HIGH = "high", pgettext_lazy("effort", "High")
    UNKNOWN = "unknown", pgettext_lazy("effort", "Unknown")


class ImprovementAction(models.Model):
    """One Secure Score control as it is now: its profile joined with its newest score."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="actions")
    control_id = models.CharField(max_length=200)
    title = models.CharField(max_length=500)
    category = models.CharField(max_length=24, choices=Category.choices, default=Category.OTHER)
    status = models.CharField(max_length=24, choices=ActionStatus.choices)
    max_score = models.FloatField(default=0)
    score = models.FloatField(null=True)
    score_percent = models.FloatField(null=True)
    points_left = models.GeneratedField(
        expression=Greatest(F("max_score") - Coalesce(F("score"), 0.0), 0.0),
        output_field=models.FloatField(),
        db_persist=True,
    )
    # Null where Microsoft ranks nothing; such actions stand behind the ranked ones.
    rank = models.IntegerField(null=True)
    service = models.CharField(max_length=80, blank=True)
    tier = models.CharField(max_length=80, blank=True)
    effort = models.CharField(max_length=12, choices=Effort.choices, default=Effort.UNKNOWN)
    user_impact = models.CharField(max_length=12, choices=Effort.choices, default=Effort.UNKNOWN)
    threats = models.JSONField(default=list)
    action_url = models.URLField(max_length=2000, blank=True)
    description_html = models.TextField(blank=True)
    remediation_html = models.TextField(blank=True)
    impact_html = models.TextField(blank=True)
    implementation_html = models.TextField(blank=True)
    deprecated = models.BooleanField(default=False)
    has_profile = models.BooleanField(default=True)
    last_synced_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField(auto_now_add=True)
    gone_at = models.DateTimeField(null=True)
    profile = models.JSONField(default=dict)
    control_score = models.JSONField(default=dict)

    objects = TenantRows.as_manager()

    class Meta:
        ordering: ClassVar = ["rank", "-points_left", "title", "control_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "control_id"], name="one_row_per_control")
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "rank"], name="actions_by_rank"),
        ]

    def __str__(self) -> str:
        return self.title


class ActionScore(models.Model):
    """A row of an action's history, kept only for days on which its points changed."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey(ImprovementAction, on_delete=models.CASCADE, related_name="history")
    day = models.DateField()
    score = models.FloatField()
    max_score = models.FloatField(null=True)

    objects = TenantRows.as_manager()

    class Meta:
        ordering: ClassVar = ["-day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "day"], name="one_score_per_action_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.score}"
