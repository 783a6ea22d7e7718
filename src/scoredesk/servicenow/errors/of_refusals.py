"""403: what the instance understood and does not allow (servicenow-api 1.9, 1.12, 4)."""

from __future__ import annotations

from scoredesk.servicenow.errors.base import ServiceNowError


class Forbidden(ServiceNowError):
    """403 without a known reason."""

    code = "servicenow.forbidden"
    summary = "ServiceNow does not allow the request."


class UnscopedApi(Forbidden):
    """The OAuth application is securely scoped and this API has no scope (servicenow-api 1.9)."""

    code = "servicenow.unscoped_api"
    summary = "The OAuth application may not use this interface."


class ScopeMissing(Forbidden):
    """The token lacks an API access scope."""

    code = "servicenow.scope_missing"
    summary = "The token lacks an authentication scope."


class ApiAclRefused(Forbidden):
    """The ACL of the whole REST interface is active and refuses the user."""

    code = "servicenow.api_acl"
    summary = "The integration user may not use the REST interface."


class CrossScopeRefused(Forbidden):
    """A script of an app may not touch a table of another app (servicenow-api 1.12 A)."""

    code = "servicenow.cross_scope"
    summary = "An application in ServiceNow may not reach a table of another application."


class CrossScopePolicy(CrossScopeRefused):
    """The table's own Application Access forbids it."""

    code = "servicenow.cross_scope_policy"
    summary = "A table's cross-scope access policy refuses an application."


class CrossScopePrivilege(CrossScopeRefused):
    """The calling app has declared no privilege for it."""

    code = "servicenow.cross_scope_privilege"
    summary = "An application lacks a cross-scope privilege."


class CrossScopeCaller(CrossScopeRefused):
    """A restricted caller access record says no."""

    code = "servicenow.cross_scope_caller"
    summary = "A restricted caller access record refuses an application."


class CrossScopeNotGranted(CrossScopeRefused):
    """The access that the app has asked for is not allowed (yet)."""

    code = "servicenow.cross_scope_not_granted"
    summary = "An application's cross-scope access was not granted."


class CrossScopeDecryption(CrossScopeRefused):
    """No app may open an encrypted field of another one."""

    code = "servicenow.cross_scope_decryption"
    summary = "An application may not decrypt a field of another application."


class GatewayRefused(Forbidden):
    """A 403 that is not JSON: an IP filter of the instance or a gateway before it."""

    code = "servicenow.gateway_refused"
    summary = "A filter in front of ServiceNow refuses the request."


class AddressRefused(Forbidden):
    """Even what needs no sign-in is refused, with the 401 of the REST interface: it is our address
    that is not let in (servicenow-api 1.12 D, third look)."""

    code = "servicenow.address_refused"
    summary = "The ServiceNow instance refuses everything that comes from our address."


class InsertRefused(Forbidden):
    """The user may not create records of this table."""

    code = "servicenow.insert_refused"
    summary = "The integration user may not create this record."


class UpdateRefused(Forbidden):
    """The user may not change this record."""

    code = "servicenow.update_refused"
    summary = "The integration user may not change this record."


class DeleteRefused(Forbidden):
    """The user may not delete this record."""

    code = "servicenow.delete_refused"
    summary = "The integration user may not delete this record."


class QueryRefused(Forbidden):
    """The user may not search this table, or not by one of the fields in the query."""

    code = "servicenow.query_refused"
    summary = "The integration user may not search by these fields."


class DataPolicyRefused(Forbidden):
    """Fields are mandatory here. `fields`: their labels in the instance's language."""

    code = "servicenow.data_policy"
    summary = "A data policy of the instance makes more fields mandatory."

    def __init__(self, detail: str = "", *, fields: tuple[str, ...] = ()) -> None:
        super().__init__(detail, facts={"fields": ", ".join(fields)})
        self.fields = fields


class BusinessRuleRefused(Forbidden):
    """A rule of the instance stopped the write. Its own message is never transmitted."""

    code = "servicenow.business_rule"
    summary = "A business rule of the instance refused the record."

    def __init__(self, detail: str = "", *, rule: str = "", rule_sys_id: str = "") -> None:
        super().__init__(detail, facts={"rule": rule, "rule_sys_id": rule_sys_id})
        self.rule = rule
        self.rule_sys_id = rule_sys_id
