"""Every fault of reading Secure Score explained: what happened, why, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoredesk.common.errors import Explanation, ScoredeskError
from scoredesk.posture.models import SecureScoreSource


class Text(NamedTuple):
    """An explanation before its facts are filled in."""

    what: Promise
    why: Promise
    cure: Promise


_WAIT = _(
    "Nothing needs to be done: Scoredesk tries again by itself. If it lasts for hours, look at "
    "Microsoft's service health."
)
_CHECK_SECRET = _(
    "In Microsoft Entra, open the application, then Certificates & secrets, make a new client "
    "secret, copy its value at once and save it here."
)
_GRANT = _(
    "In Microsoft Entra, open the application, then API permissions. Add the application "
    "permission SecurityEvents.Read.All of Microsoft Graph and select Grant admin consent. It "
    "takes effect within some minutes."
)
_NETWORK = _(
    "Check that the machine that runs Scoredesk reaches login.microsoftonline.com and "
    "graph.microsoft.com over https, then try again."
)

SIGN_IN_TEXTS: dict[str, Text] = {
    "graph.sign_in_refused": Text(
        _("Microsoft Entra ID does not let Scoredesk sign in."),
        _("It refused for a reason that Scoredesk does not know; its own words say more."),
        _("Check tenant ID, client ID and secret against the application in Microsoft Entra."),
    ),
    "graph.wrong_tenant": Text(
        _("Microsoft Entra ID knows no such tenant."),
        _("The tenant ID or domain has a typing error, or the tenant is in another cloud."),
        _("Copy the Directory (tenant) ID from the application's Overview in Microsoft Entra."),
    ),
    "graph.unknown_application": Text(
        _("The tenant has no application with this client ID."),
        _("The client ID was mistyped, or the application is registered in another tenant."),
        _("Copy the Application (client) ID from the application's Overview page."),
    ),
    "graph.application_disabled": Text(
        _("The application is disabled in the tenant."),
        _("Somebody switched off sign-in for it under Enterprise applications."),
        _(
            "In Microsoft Entra, open Enterprise applications, find it, and under Properties set "
            "Enabled for users to sign in to Yes."
        ),
    ),
    "graph.wrong_secret": Text(
        _("Microsoft Entra ID does not accept the client secret."),
        _("Often the secret's ID was copied instead of its value; or the secret was deleted."),
        _CHECK_SECRET,
    ),
    "graph.secret_expired": Text(
        _("The client secret has expired."),
        _("Client secrets last for a set time, which has passed."),
        _CHECK_SECRET,
    ),
    "graph.certificate_refused": Text(
        _("Microsoft Entra ID does not accept the certificate."),
        _("It is not registered for this application, or it has expired."),
        _(
            "Upload the certificate (without its private key) under Certificates & secrets of the "
            "application, or make a new one."
        ),
    ),
    "graph.certificate_unusable": Text(
        _("The certificate and its private key cannot be used."),
        _(
            "One of them cannot be read, they do not belong together, the key is not RSA, or its "
            "passphrase is wrong."
        ),
        _("Paste both in PEM format, including the lines that begin with five dashes."),
    ),
    "graph.consent_missing": Text(
        _("No administrator has consented to the application."),
        _("Application permissions work only after consent for the whole organization."),
        _GRANT,
    ),
    "graph.access_blocked": Text(
        _("A Conditional Access policy blocks the application."),
        _("The tenant restricts from where or under which conditions applications may sign in."),
        _(
            "Ask whoever manages Conditional Access to allow this application from the address of "
            "this server."
        ),
    ),
    "graph.managed_identity_missing": Text(
        _("This machine has no managed identity to sign in with."),
        _("Managed identities exist only on Azure, and must be switched on for the machine."),
        _(
            "Assign a managed identity to the machine that runs Scoredesk, or choose a client "
            "secret or a certificate instead."
        ),
    ),
}

GRAPH_TEXTS: dict[str, Text] = {
    "graph.error": Text(
        _("Microsoft gave an answer that Scoredesk does not understand."),
        _("The fault is new or rare; its own words say more."),
        _("Try again later. If it comes back, send its code and words to support."),
    ),
    "graph.unreachable": Text(
        _("Microsoft cannot be reached."),
        _("No answer came in time, or the connection broke."),
        _NETWORK,
    ),
    "graph.name_unknown": Text(
        _("Microsoft cannot be reached: its name is not known here."),
        _("The machine that runs Scoredesk cannot resolve names on the internet."),
        _NETWORK,
    ),
    "graph.tls": Text(
        _("No trusted connection to Microsoft can be made."),
        _("Its certificate is not trusted here, mostly because a proxy inspects the traffic."),
        _(
            "Exempt Microsoft's addresses from inspection, or add the proxy's certificate "
            "authority to the machine."
        ),
    ),
    "graph.token_rejected": Text(
        _("Microsoft Graph does not accept the token."),
        _("Microsoft Entra ID gave it, but it was revoked or is meant for another cloud."),
        _("Try again in some minutes. If it stays, make a new client secret and save it here."),
    ),
    "graph.permission_missing": Text(
        _("The application may not read Secure Score."),
        _(
            "The permission SecurityEvents.Read.All was not added as an application permission, or "
            "nobody granted consent for it."
        ),
        _GRANT,
    ),
    "graph.no_secure_score": Text(
        _("This Microsoft 365 tenant has no Secure Score yet."),
        _(
            "Signing in and the permission are fine. Microsoft computes a first score 24 to 48 "
            "hours after a tenant has a licence that is scored."
        ),
        _("Nothing needs to be done: Scoredesk looks again every day, and whenever you refresh."),
    ),
    "graph.throttled": Text(
        _("Microsoft asks to wait before the next request."),
        _("Too many requests were made for this tenant in a short time."),
        _WAIT,
    ),
    "graph.partial_answer": Text(
        _("Microsoft Graph gave only a part of the answer."),
        _("A service behind it did not answer in time. What was read before is kept."),
        _WAIT,
    ),
    "graph.fault": Text(
        _("Microsoft Graph has a fault at the moment."),
        _("The trouble is on Microsoft's side. What was read before is kept."),
        _WAIT,
    ),
    "graph.unreadable_answer": Text(
        _("Something other than Microsoft Graph answered."),
        _("The answer was a web page or was cut off: often a proxy or a gateway in between."),
        _NETWORK,
    ),
    "graph.foreign_link": Text(
        _("The list of Microsoft Graph could not be read to its end."),
        _("The link to the next page leads elsewhere or in a circle, so it was not followed."),
        _(
            "Try again later. If it stays, check that the address of Microsoft Graph in "
            "Scoredesk's settings is right."
        ),
    ),
    "graph.request_refused": Text(
        _("Microsoft Graph refuses the request."),
        _("It answered with status %(status)s."),
        _("Try again later. If it comes back, send its code and words to support."),
    ),
}

OWN_TEXTS: dict[str, Text] = {
    "posture.error": Text(
        _("Secure Score could not be refreshed."),
        _("The reason has no name here; the log of Scoredesk says more."),
        _("Try again. If it comes back, send the code and the log to support."),
    ),
    "posture.no_source": Text(
        _("No Microsoft 365 tenant is connected."),
        _("The source was never set up, or it was removed meanwhile."),
        _("Connect the Microsoft 365 tenant on this page."),
    ),
    "posture.other_directory": Text(
        _("This is another Microsoft 365 tenant than the one whose data is kept here."),
        _(
            "The data belongs to %(known)s, the answer to %(given)s. Together they would draw a "
            "history that never happened."
        ),
        _(
            "Check the tenant ID. To follow another Microsoft 365 tenant, add it to Scoredesk as a "
            "tenant of its own."
        ),
    ),
    "secrets.error": Text(
        _("The stored secret cannot be opened."),
        _("Scoredesk's encryption key is missing or was changed since the secret was saved."),
        _("Ask the operator to put the former encryption key back, or save the secret again."),
    ),
    "address.error": Text(
        _("The address of Microsoft in Scoredesk's settings may not be called."),
        _("It is malformed, or it does not use https."),
        _("Ask the operator to correct the addresses of Microsoft in Scoredesk's settings."),
    ),
}

TEXTS = {**SIGN_IN_TEXTS, **GRAPH_TEXTS, **OWN_TEXTS}

_SECRET_IS_ID = _(
    "What was pasted has the form of a secret's ID. Scoredesk needs the secret's value, which "
    "Microsoft Entra shows only once, right after the secret was made."
)


class _Facts(dict[str, str]):
    """A fact that an error did not bring is shown as an ellipsis, never as a crash."""

    def __missing__(self, key: str) -> str:
        return "…"


def explain(code: str, facts: Mapping[str, str] | None = None) -> Explanation:
    """The explanation of `code` in the language of the page, filled with `facts`.

    A code without a text of its own falls back to its family ("secrets.…").
    """
    family = f"{code.partition('.')[0]}.error"
    text = TEXTS.get(code) or TEXTS.get(family) or TEXTS["posture.error"]
    filled = _Facts(facts or {})
    why = text.why
    if code == "graph.wrong_secret" and "looks_like_id" in filled:
        why = _SECRET_IS_ID
    return Explanation(code, str(text.what), str(why) % filled, str(text.cure) % filled)


def explain_error(fault: ScoredeskError) -> Explanation:
    """The explanation of a fault that has just happened."""
    return explain(fault.code, fault.facts)


def explain_source(source: SecureScoreSource | None) -> Explanation | None:
    """Why the last refresh of a source failed; None if it did not."""
    if source is None or not source.fault_code:
        return None
    return explain(source.fault_code, source.fault_facts)
