"""Texts for what a check finds behind the instance's door: the account, tables, choices, fields,
limits, and what people see in the portal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scoredesk.connections.faults.text import Text

ACCOUNT_TEXTS: dict[str, Text] = {
    "connection.account": Text(
        _("The integration user %(declared)s should be another kind of account."),
        _("It works, but it is not set up as an account for programs."),
        _("In ServiceNow, open User Administration > Users > %(declared)s and look at its fields."),
    ),
    "connection.admin_rights": Text(
        _("%(declared)s has administrator's rights: %(roles)s."),
        _(
            "The portal needs to read and create tickets only. Whoever got hold of its access "
            "could change anything in the instance."
        ),
        _(
            "In ServiceNow, open User Administration > Users > %(declared)s > Roles, take the "
            "administrator's role away, and give itil (or sn_incident_write and sn_change_write) "
            "instead. Then check again."
        ),
    ),
    "connection.personal_account": Text(
        _("%(declared)s looks like the account of a person, %(answered_name)s."),
        _(
            "Tickets carry that person's name, and the connection ends when the person's password, "
            "second factor or job changes."
        ),
        _(
            "In ServiceNow, create a user for the portal alone, for example scoredesk.integration "
            "with the name Scoredesk Integration and the role itil. Enter it here under “Change "
            "settings”, authorize as that user, and check again. If %(declared)s is used by the "
            "portal alone already, give it a name that says so."
        ),
    ),
    "connection.web_service_only": Text(
        _("%(declared)s may use web services only."),
        _(
            "Such a user cannot sign in to a browser, so the access cannot be allowed again once "
            "it has run out."
        ),
        _(
            "Either untick “Web service access only” in the user's record in ServiceNow, or change "
            "the way of signing in here to “Without a browser (client credentials)”. Then check "
            "again."
        ),
    ),
    "connection.internal_user": Text(
        _("%(declared)s is ticked as “Internal Integration User”."),
        _(
            "The tick only exempts a user from the security of old SOAP interfaces. It gives no "
            "right that the portal uses."
        ),
        _("Nothing needs to be done. You may untick it in the user's record."),
    ),
    "connection.domain_separated": Text(
        _("The instance separates domains; %(declared)s works in the domain %(domain)s."),
        _(
            "Tickets are created in that domain. People of other domains do not see them, and "
            "records that a rule moves to another domain vanish for the portal."
        ),
        _(
            "If tickets belong into %(domain)s, create a trial record to see that it stays "
            "visible. Otherwise change the field Domain of the user's record in ServiceNow. Then "
            "check again."
        ),
    ),
    "connection.instance_cloned": Text(
        _("The instance was probably replaced: another one was cloned over it."),
        _(
            "The integration user or all of the tickets looked for (%(count)s) are not those that "
            "the portal knows. A clone replaces the records, the users and the OAuth applications "
            "of the target."
        ),
        _(
            "Ask your ServiceNow administrator whether a clone took place. If so, set up the OAuth "
            "application and the integration user again and authorize again. Tickets that are in "
            "the clone are taken up by their correlation ID; the others are shown as deleted "
            "within two days."
        ),
    ),
}

TABLE_TEXTS: dict[str, Text] = {
    "connection.read_refused": Text(
        _("%(declared)s may not read the table %(table)s."),
        _("The user lacks a role, or an access control rule of the instance refuses it."),
        _(
            "In ServiceNow, open User Administration > Users > %(declared)s > Roles and give itil, "
            "or sn_incident_write and sn_change_write. Then check again."
        ),
    ),
    "connection.read_role_missing": Text(
        _("%(declared)s sees no record of the table %(table)s and has no role to read it with."),
        _("Its roles are: %(roles)s. Needed is itil or %(needed)s."),
        _(
            "In ServiceNow, open User Administration > Users > %(declared)s > Roles > Edit and add "
            "itil or %(needed)s. Then check again."
        ),
    ),
    "connection.search_refused": Text(
        _("%(declared)s may not search the table %(table)s by %(fields)s."),
        _(
            "A query access rule (query_match, query_range) or a read rule of the instance "
            "protects the field. Tracking asks for its own tickets by correlation_id, changed "
            "since a time in sys_updated_on, in that order."
        ),
        _(
            "In ServiceNow, open System Security > Access Control (ACL), look for the rules of "
            "%(table)s and %(fields)s with the operations read, query_match and query_range, and "
            "let %(declared)s's roles pass. Then check again."
        ),
    ),
    "connection.search_ignored": Text(
        _("The instance ignores a condition when it searches %(table)s."),
        _(
            "Asked for the portal's own records, it answered with other people's: the field "
            "correlation_id was removed or renamed there."
        ),
        _(
            "Ask your ServiceNow administrator to restore the field correlation_id of the table "
            "task (System Definition > Dictionary). Then check again."
        ),
    ),
    "connection.fields_missing": Text(
        _("Records of %(table)s come without fields that tracking needs: %(fields)s."),
        _("%(declared)s may not read them, or they were renamed or removed in this instance."),
        _(
            "In ServiceNow, open System Security > Access Control (ACL), look for read rules on "
            "these fields of %(table)s, and let %(declared)s's roles pass. Then check again."
        ),
    ),
    "connection.fields_hidden": Text(
        _("Records of %(table)s come without fields that the portal shows: %(fields)s."),
        _("%(declared)s may not read them, or they were renamed or removed in this instance."),
        _(
            "Tickets work without them. To see them, open System Security > Access Control (ACL) "
            "in ServiceNow, let %(declared)s's roles read these fields of %(table)s, and check "
            "again."
        ),
    ),
    "connection.dates_in_session_zone": Text(
        _("The instance reads dates in the time zone of %(declared)s (%(zone)s), not in UTC."),
        _("Tracking then asks %(table)s for the wrong hours, and changes arrive late."),
        _("In ServiceNow, open the record of %(declared)s, set Time zone to GMT, and check again."),
    ),
    "connection.tickets_refused": Text(
        _("The instance refuses new tickets."),
        _("It demands something that the portal does not send."),
        _("Open the refused ticket to see the instance's own words."),
    ),
    "connection.create_role_missing": Text(
        _("%(declared)s has no role to create records of %(table)s with."),
        _("Its roles are: %(roles)s. Needed is itil or %(needed)s."),
        _(
            "In ServiceNow, open User Administration > Users > %(declared)s > Roles > Edit and add "
            "itil or %(needed)s. Then check again, and send refused tickets again."
        ),
    ),
    "connection.create_refused": Text(
        _("The instance refused the last new record of %(table)s (%(at)s)."),
        _("An access control rule of the instance does not let %(declared)s create it."),
        _(
            "In ServiceNow, open System Security > Access Control (ACL), look for the rules of "
            "%(table)s with the operation create, and let %(declared)s's roles pass. Then send the "
            "refused ticket again or create a trial record, and check again."
        ),
    ),
    "connection.created_invisible": Text(
        _("A record of %(table)s was created (%(number)s), but %(declared)s cannot see it."),
        _("A domain, a before-query rule or an access control rule hides it."),
        _(
            "In ServiceNow, look for the record as an administrator and compare its field Domain "
            "with that of %(declared)s, and look at the business rules “before query” of "
            "%(table)s. Then create a trial record again, and check again."
        ),
    ),
}

CHOICE_TEXTS: dict[str, Text] = {
    "connection.choices_differ": Text(
        _("The choices of the instance differ from what the portal knows."),
        _("Somebody changed them in ServiceNow."),
        _("Open “Ticket state names” and read the instance's names again."),
    ),
    "connection.states_renamed": Text(
        _("States of %(table)s have other names in the instance: %(states)s."),
        _("They were renamed in ServiceNow after the portal read them. Tickets are not affected."),
        _(
            "Open “Ticket state names” and press “Read the instance's names again”. Names that you "
            "chose yourself are kept. Then check again."
        ),
    ),
    "connection.states_gone": Text(
        _("The instance no longer offers states of %(table)s: %(states)s."),
        _("They were retired or removed in ServiceNow. Tickets that are in them keep them."),
        _(
            "Open “Ticket state names” and press “Read the instance's names again”, or restore "
            "them in ServiceNow (System Definition > Choice Lists). Then check again."
        ),
    ),
    "connection.states_added": Text(
        _("The instance has states of %(table)s that the portal has not read yet: %(states)s."),
        _("They were added in ServiceNow after the portal read its states."),
        _(
            "Open “Ticket state names”, press “Read the instance's names again”, and say for each "
            "new state what it amounts to. Then check again."
        ),
    ),
    "connection.states_without_phase": Text(
        _("Nobody has said what these states of %(table)s amount to: %(states)s."),
        _(
            "They are not among the states that ServiceNow ships. Tickets in them are counted as "
            "“needs a phase”."
        ),
        _("Open “Ticket state names” and choose a phase for each. Then check again."),
    ),
    "connection.priorities_gone": Text(
        _("The instance does not offer values that the portal sends: %(field)s %(values)s."),
        _(
            "They were retired or removed from the choices of %(table)s. Such a ticket gets "
            "another priority, or a value without a name."
        ),
        _(
            "In ServiceNow, open System Definition > Choice Lists, look for %(table)s and "
            "%(field)s, and make these values active again. Then check again."
        ),
    ),
    "connection.priorities_renamed": Text(
        _("The instance has names of its own for priorities of %(table)s: %(values)s."),
        _("They were changed in ServiceNow. The portal sends values, so nothing is affected."),
        _("Nothing needs to be done: tickets show the instance's names."),
    ),
    "connection.language_missing": Text(
        _("The instance has no names in the language %(language)s."),
        _("The language is not installed there. English names are shown instead."),
        _(
            "Choose another language under “Change settings”, or ask your ServiceNow administrator "
            "to activate the plugin of that language. Then check again."
        ),
    ),
    "connection.older_close_codes": Text(
        _("The instance has the resolution codes of older releases: %(codes)s."),
        _("It was upgraded, and its choices were kept."),
        _("Nothing needs to be done: the portal shows the codes and reads them as they are."),
    ),
}

FIELD_TEXTS: dict[str, Text] = {
    "connection.mandatory_fields": Text(
        _("The instance demands fields for %(table)s that tickets do not bring: %(fields)s."),
        _("A data policy makes them mandatory for programs too."),
        _(
            "Open “Fields” here and choose a default for each, or have the person who shares fill "
            "it in; or ask your ServiceNow administrator to exempt %(declared)s (System Policy > "
            "Data Policies). Then send refused tickets again or create a trial record, and check "
            "again."
        ),
    ),
    "connection.rule_in_the_way": Text(
        _("The business rule “%(rule)s” refused the last new record of %(table)s (%(at)s)."),
        _("The rule's own message is never sent to programs; only its name is."),
        _(
            "Ask your ServiceNow administrator to open the rule, %(link)s, and to exempt "
            "%(declared)s or to say which fields it wants. Then send the refused ticket again or "
            "create a trial record, and check again."
        ),
    ),
    "connection.other_numbers": Text(
        _("Records of %(table)s have numbers of the instance's own, such as %(number)s."),
        _("The prefix was changed in ServiceNow."),
        _("Nothing needs to be done: the portal shows the numbers as they are."),
    ),
    "connection.rules_untried": Text(
        _("No record has been created from here yet: %(tables)s."),
        _(
            "ServiceNow tells of mandatory fields and of business rules in the way only when a "
            "record is created, and a check creates nothing."
        ),
        _(
            "Open “Dry run and trial record” on the connection's page, and press “Create a trial "
            "record and cancel it” for each type of ticket that you will use. Then check again."
        ),
    ),
    "connection.rules_tried": Text(
        _("The last new record was accepted by the instance: %(tables)s."),
        _(
            "A check creates nothing. A mandatory field or a business rule that was added since "
            "then shows itself with the next ticket."
        ),
        _(
            "Nothing needs to be done. To be sure after a change in ServiceNow, open “Dry run and "
            "trial record” on the connection's page, create a trial record, and check again."
        ),
    ),
}

LIMIT_TEXTS: dict[str, Text] = {
    "connection.rate_rule": Text(
        _("A rate limit rule allows %(limit)s requests an hour."),
        _("The rule %(rule)s of the instance applies to %(declared)s."),
        _(
            "If tickets arrive late, ask your ServiceNow administrator for a rule of its own for "
            "%(declared)s with at least 1000 requests an hour (System Web Services > REST > Rate "
            "Limit Rules). Then check again."
        ),
    ),
    "connection.queries_cancelled": Text(
        _("The instance cancelled a query of the portal because it took too long."),
        _("A transaction quota rule limits requests to 60 seconds, and the instance is slow."),
        _(
            "Ask your ServiceNow administrator for an index on correlation_id and sys_updated_on "
            "of the table task, or for a longer quota for %(declared)s (System Definition > "
            "Transaction Quotas). Then check again."
        ),
    ),
}

CARD_TEXTS: dict[str, Text] = {
    "connection.no_worker": Text(
        _("No worker is running."),
        _("Tickets are brought to ServiceNow by a worker. None has shown itself for a minute."),
        _(
            "Ask the operator to start “scoredesk worker” (or “scoredesk run”) and to look at its "
            "log. Then check again."
        ),
    ),
    "connection.nobody_may_share": Text(
        _("Nobody in this tenant may share tickets."),
        _("Share is shown to security administrators only, and the tenant has none."),
        _(
            "Ask the operator to make somebody a security administrator of this tenant, or give "
            "the app role in Microsoft Entra ID. Then check again."
        ),
    ),
    "connection.no_actions": Text(
        _("There are no improvement actions to share."),
        _("Secure Score has not been read for this tenant yet."),
        _("Open “Secure Score source”, connect Microsoft Graph there, and refresh."),
    ),
    "connection.actions_elsewhere": Text(
        _("This tenant has no improvement actions; another tenant of yours has some."),
        _(
            "A connection belongs to one tenant. It was probably set up while another tenant was "
            "chosen, so cards and Share are missing where you look for them."
        ),
        _(
            "Choose the other tenant at the top of the page and set up the connection there, or "
            "connect Microsoft Secure Score for this one."
        ),
    ),
}

TABLES_TEXTS: dict[str, Text] = {
    **ACCOUNT_TEXTS,
    **TABLE_TEXTS,
    **CHOICE_TEXTS,
    **FIELD_TEXTS,
    **LIMIT_TEXTS,
    **CARD_TEXTS,
}
