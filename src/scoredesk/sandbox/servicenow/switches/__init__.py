"""How instances differ (servicenow-api 14): every switch with the default of this sandbox."""

from scoredesk.sandbox.servicenow.switches.apis import API_SWITCHES
from scoredesk.sandbox.servicenow.switches.app import APP_SWITCHES
from scoredesk.sandbox.servicenow.switches.network import NETWORK_SWITCHES
from scoredesk.sandbox.servicenow.switches.rules import RULE_SWITCHES
from scoredesk.sandbox.servicenow.switches.sign_in import SIGN_IN_SWITCHES
from scoredesk.sandbox.servicenow.switches.tables import TABLE_SWITCHES

SWITCHES = {
    **SIGN_IN_SWITCHES,
    **TABLE_SWITCHES,
    **RULE_SWITCHES,
    **API_SWITCHES,
    **NETWORK_SWITCHES,
    **APP_SWITCHES,
}

__all__ = ["SWITCHES"]
