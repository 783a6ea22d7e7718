"""Faults behind the instance's door: the account, the tables, choices, fields, limits, cards."""

from __future__ import annotations

from scoredesk.connections.errors.base import ConnectionFault


class AccountDoubt(ConnectionFault):
    """The integration user works, but is not the kind of account that it should be."""

    code = "connection.account"
    summary = "The integration user should be another kind of account."


class AdminRights(AccountDoubt):
    """`facts`: roles."""

    code = "connection.admin_rights"
    summary = "The integration user has administrator's rights."


class PersonalAccount(AccountDoubt):
    """`facts`: answered, answered_name."""

    code = "connection.personal_account"
    summary = "The integration user looks like a person's account."


class WebServiceOnly(AccountDoubt):
    """Such a user cannot press Allow in a browser."""

    code = "connection.web_service_only"
    summary = "The integration user may not sign in to a browser."


class InternalUser(AccountDoubt):
    """Means nothing for REST (servicenow-api 1.10)."""

    code = "connection.internal_user"
    summary = "The integration user is marked as an internal integration user."


class DomainSeparated(AccountDoubt):
    """`facts`: domain."""

    code = "connection.domain_separated"
    summary = "The instance separates domains."


class InstanceCloned(ConnectionFault):
    """`facts`: count, of the tickets that were looked for."""

    code = "connection.instance_cloned"
    summary = "The instance was probably replaced by a clone of another one."


class ReadRefused(ConnectionFault):
    """`facts`: table."""

    code = "connection.read_refused"
    summary = "The integration user may not read the table."


class ReadRoleMissing(ConnectionFault):
    """`facts`: table, needed, roles."""

    code = "connection.read_role_missing"
    summary = "The integration user has no role to read the table with."


class SearchRefused(ConnectionFault):
    """`facts`: table, fields."""

    code = "connection.search_refused"
    summary = "The integration user may not search the table as tracking does."


class SearchIgnored(ConnectionFault):
    """`facts`: table."""

    code = "connection.search_ignored"
    summary = "The instance ignores the search for our own records."


class FieldsMissing(ConnectionFault):
    """`facts`: table, fields: without these nothing can be tracked."""

    code = "connection.fields_missing"
    summary = "Fields that tracking needs do not come back."


class FieldsHidden(ConnectionFault):
    """`facts`: table, fields: without these the portal shows less."""

    code = "connection.fields_hidden"
    summary = "Fields that the portal shows do not come back."


class DatesInSessionZone(ConnectionFault):
    """`facts`: table, zone."""

    code = "connection.dates_in_session_zone"
    summary = "The instance reads dates in the integration user's time zone."


class TicketsRefused(ConnectionFault):
    """New tickets of a table are refused; everything else works."""

    code = "connection.tickets_refused"
    summary = "The instance refuses new tickets."


class CreateRoleMissing(TicketsRefused):
    """`facts`: table, needed, roles."""

    code = "connection.create_role_missing"
    summary = "The integration user has no role to create records with."


class CreateRefused(TicketsRefused):
    """`facts`: table, at."""

    code = "connection.create_refused"
    summary = "The instance refused the last new record."


class CreatedInvisible(TicketsRefused):
    """`facts`: table, number."""

    code = "connection.created_invisible"
    summary = "A record that was created cannot be seen."


class MandatoryFields(TicketsRefused):
    """`facts`: table, fields (labels or names)."""

    code = "connection.mandatory_fields"
    summary = "The instance demands more fields."


class RuleInTheWay(TicketsRefused):
    """`facts`: table, rule, link, at."""

    code = "connection.rule_in_the_way"
    summary = "A business rule of the instance refuses new tickets."


class ChoicesDiffer(ConnectionFault):
    """The instance's choices are not those that the portal works with."""

    code = "connection.choices_differ"
    summary = "The instance's choices differ from what the portal knows."


class StatesRenamed(ChoicesDiffer):
    """`facts`: table, states."""

    code = "connection.states_renamed"
    summary = "States of the instance were renamed."


class StatesGone(ChoicesDiffer):
    """`facts`: table, states."""

    code = "connection.states_gone"
    summary = "The instance no longer offers states."


class StatesAdded(ChoicesDiffer):
    """`facts`: table, states."""

    code = "connection.states_added"
    summary = "The instance has states that are not in the portal's list."


class StatesWithoutPhase(ChoicesDiffer):
    """`facts`: table, states."""

    code = "connection.states_without_phase"
    summary = "Nobody has said what states amount to."


class PrioritiesGone(ChoicesDiffer):
    """`facts`: table, field, values."""

    code = "connection.priorities_gone"
    summary = "The instance lacks values that the portal sends."


class PrioritiesRenamed(ChoicesDiffer):
    """`facts`: table, values."""

    code = "connection.priorities_renamed"
    summary = "The instance has priorities of its own."


class LanguageMissing(ChoicesDiffer):
    """`facts`: language."""

    code = "connection.language_missing"
    summary = "The instance has no names in the language of the connection."


class OlderCloseCodes(ChoicesDiffer):
    """`facts`: codes."""

    code = "connection.older_close_codes"
    summary = "The instance has the resolution codes of older releases."


class OtherNumbers(ConnectionFault):
    """`facts`: table, number."""

    code = "connection.other_numbers"
    summary = "Records have numbers of the instance's own."


class RulesUntried(ConnectionFault):
    """Nothing was created yet that would show the instance's demands. `facts`: tables."""

    code = "connection.rules_untried"
    summary = "No record was created yet, so the rules for new records are not known."


class RulesTried(ConnectionFault):
    """A new record was accepted. `facts`: tables."""

    code = "connection.rules_tried"
    summary = "The rules for new records are known as of the last record."


class RateRuleSeen(ConnectionFault):
    """`facts`: limit, rule."""

    code = "connection.rate_rule"
    summary = "A rate limit rule applies to the integration user."


class QueriesCancelled(ConnectionFault):
    """The instance cancelled a list at its time limit."""

    code = "connection.queries_cancelled"
    summary = "The instance cancels the portal's queries."


class NoWorker(ConnectionFault):
    """No worker has shown itself for a minute."""

    code = "connection.no_worker"
    summary = "No worker is running."


class NobodyMayShare(ConnectionFault):
    """The tenant has no security administrator."""

    code = "connection.nobody_may_share"
    summary = "Nobody in the tenant may share tickets."


class NoActions(ConnectionFault):
    """No improvement actions have been read for the tenant."""

    code = "connection.no_actions"
    summary = "There are no improvement actions to share."


class ActionsElsewhere(NoActions):
    """Another tenant of the same people has them."""

    code = "connection.actions_elsewhere"
    summary = "The improvement actions are in another tenant."
