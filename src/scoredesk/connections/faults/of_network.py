"""Texts for the way to the instance: network, filters, sleep, release and clock
(servicenow-api 1.12, 4, 11)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scoredesk.connections.faults.text import Text

# Whoever keeps the network needs the address; which one is public, only they know.
_LET_IN = _(
    "In ServiceNow, open System Security > IP Address Access Control and add a rule that allows "
    "the portal's address, direction Inbound. The portal calls from %(outgoing)s; if that is an "
    "address inside your network, ask your network administrator for the public one, and the "
    "operator to put it into the setting SCOREDESK_OUTGOING_ADDRESSES. Then check again."
)

WAY_TEXTS: dict[str, Text] = {
    "servicenow.name_unknown": Text(
        _("There is no instance at this address."),
        _(
            "The name of %(instance)s is not known on the internet: it is misspelt, or a developer "
            "instance was taken back."
        ),
        _(
            "Open the address in a browser and correct it here if it is wrong. If the browser "
            "finds it, ask the operator whether the portal's machine can resolve names (DNS)."
        ),
    ),
    "servicenow.connection_refused": Text(
        _("The instance refuses the connection."),
        _("%(instance)s is being restarted, the port is wrong, or a firewall is in the way."),
        _(
            "Wait a few minutes and check again. If it lasts, ask your network administrator "
            "whether the portal (%(outgoing)s) may reach %(instance)s."
        ),
    ),
    "servicenow.tls": Text(
        _("No trusted connection to the instance can be made."),
        _(
            "The certificate of %(instance)s is not trusted, or what answers there does not speak "
            "https. Often a proxy that inspects traffic stands in between."
        ),
        _(
            "Open the address in a browser: if the browser warns too, the address is wrong. If "
            "not, ask the operator to add the proxy's certificate to the portal's machine, or to "
            "exempt the instance from inspection. Then check again."
        ),
    ),
    "servicenow.connect_timeout": Text(
        _("The instance does not answer."),
        _(
            "%(instance)s did not accept a connection in time. Mostly an IP filter drops the "
            "portal's requests; the network or the instance may also be down."
        ),
        _LET_IN,
    ),
    "servicenow.connection_cut": Text(
        _("The connection is cut before the instance answers."),
        _(
            "Something accepts the connection to %(instance)s and drops it. Mostly this is an IP "
            "filter in front of the instance that does not know the portal's address; during a "
            "restart it passes by itself."
        ),
        _LET_IN,
    ),
    "servicenow.answer_timeout": Text(
        _("The instance does not answer in time."),
        _(
            "%(instance)s accepted the connection and then said nothing. It is overloaded or "
            "waking up, or something in between holds the requests back."
        ),
        _(
            "Open the address in a browser. If it is slow there too, wait and check again; if it "
            "is quick, ask your network administrator about the way from %(outgoing)s to the "
            "instance."
        ),
    ),
    "servicenow.gateway_refused": Text(
        _("A filter in front of ServiceNow refuses the request (403)."),
        _(
            "Not the user is refused but the address: IP Address Access Control of the instance, "
            "or a gateway before it, does not know where the portal calls from."
        ),
        _LET_IN,
    ),
    "servicenow.address_refused": Text(
        _("ServiceNow refuses everything that comes from the portal (401)."),
        _(
            "Even pages that need no sign-in are refused, so neither the user nor the secret is at "
            "fault: an IP filter or an authentication policy of the instance does not let the "
            "portal's address in."
        ),
        _(
            "In ServiceNow, open System Security > IP Address Access Control, and the policies "
            "under Adaptive Authentication > Authentication Policies, and allow the portal's "
            "address, direction Inbound. The portal calls from %(outgoing)s; if that is an address "
            "inside your network, ask your network administrator for the public one, and the "
            "operator to put it into the setting SCOREDESK_OUTGOING_ADDRESSES. Then check again."
        ),
    ),
    "servicenow.not_servicenow": Text(
        _("This is not ServiceNow's interface for programs."),
        _(
            "Another web server answered at %(instance)s, or a page (a sign-in, a proxy's notice) "
            "stands in front of it."
        ),
        _(
            "Open the address in a browser and check that it shows your ServiceNow instance. "
            "Correct the address here if it does not."
        ),
    ),
    "servicenow.sso_redirect": Text(
        _("Single sign-on stands in front of the instance."),
        _("Requests of programs are sent on to %(host)s, where only people can sign in."),
        _(
            "Ask your ServiceNow administrator to exempt the interface for programs (/api and "
            "/oauth_token.do) from the redirection, then check again."
        ),
    ),
    "servicenow.hibernating": Text(
        _("The instance is hibernating."),
        _("Developer instances fall asleep when nobody uses them."),
        _(
            "Sign in at developer.servicenow.com and wake the instance, wait some minutes, then "
            "check again."
        ),
    ),
    "servicenow.maintenance": Text(
        _("The instance is not available at the moment."),
        _("It is being upgraded or restarted, or it is overloaded."),
        _(
            "Nothing needs to be done: the portal tries again by itself. Planned maintenance "
            "stands in the Now Support portal of your ServiceNow administrator."
        ),
    ),
    "connection.release_too_old": Text(
        _("The instance's release is too old: %(release)s."),
        _("The portal needs Kingston or later."),
        _("Ask your ServiceNow administrator to upgrade the instance, then check again."),
    ),
    "connection.release_unknown": Text(
        _("The instance's release cannot be told."),
        _(
            "%(declared)s may not read the system properties that name it, which is usual. This "
            "is no fault."
        ),
        _(
            "Nothing needs to be done if the instance runs Kingston or later. Your ServiceNow "
            "administrator sees the release on the page /stats.do of the instance."
        ),
    ),
    "connection.clock_off": Text(
        _("The clocks of the instance and of the portal differ by %(seconds)s seconds."),
        _(
            "It is %(instance_time)s there and %(portal_time)s here (UTC). Nothing breaks, because "
            "the portal goes by the instance's times, but the times of both do not fit together."
        ),
        _(
            "Ask the operator to compare the clock of the portal's machine with a time server "
            "(NTP). ServiceNow keeps the clocks of its instances itself: if the portal's is right, "
            "open a case with ServiceNow."
        ),
    ),
}
