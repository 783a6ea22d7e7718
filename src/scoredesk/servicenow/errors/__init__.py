"""What a ServiceNow instance may do to us, each by its name (servicenow-api 1.6, 1.9, 1.12, 4, 10).

    ServiceNowError
    ├── Unreachable*              no answer; the request did not reach the instance
    │   ├── NameUnknown  ConnectionRefused*  TlsRefused  ConnectTimedOut*
    │   └── ConnectionCut*  AnswerTimedOut*   only where nothing was asked for but a look
    ├── LostAnswer*               sent, but the answer is lost or unreadable
    ├── NotServiceNow             some other web server answered
    │   ├── SsoRedirect           a sign-in page of an identity provider stands in front
    │   └── Hibernating           a developer instance asleep
    ├── Maintenance*  ServerFault*  PartialResult*  RateLimited*
    ├── Unauthorized              401
    │   ├── MfaRequired  FreshTokenRefused
    │   └── TokenRefused          no token was given
    │       ├── ClientRefused  GrantRefused
    │       └── CodeRefused  RefreshRefused  ClientCredentialsRefused   by what was asked
    ├── Forbidden                 403
    │   ├── UnscopedApi  ScopeMissing  ApiAclRefused  GatewayRefused  AddressRefused
    │   ├── CrossScopeRefused
    │   │   ├── CrossScopePolicy  CrossScopePrivilege  CrossScopeCaller
    │   │   └── CrossScopeNotGranted  CrossScopeDecryption
    │   ├── InsertRefused  UpdateRefused  DeleteRefused  QueryRefused
    │   └── DataPolicyRefused  BusinessRuleRefused
    ├── ApplicationRefused        the Allow page does not let our OAuth application in
    │   ├── ClientUnknown  RedirectRefused  OAuthInactive
    ├── BadRequest                400, 405, 406, 413, 415
    │   ├── InvalidTable  NoSuchResource  PayloadTooLarge
    └── NotFound                  404: deleted, or hidden from us

`*` = retryable. Every error of a write says in `maybe_done` whether the write may have been
carried out all the same: True for LostAnswer, for 5xx answers, and for a 2xx that cannot be read.
"""

from __future__ import annotations

from scoredesk.servicenow.errors.base import (
    ServiceNowError,
)
from scoredesk.servicenow.errors.of_answers import (
    AnswerTimedOut,
    BadRequest,
    ConnectionCut,
    ConnectionRefused,
    ConnectTimedOut,
    Hibernating,
    InvalidTable,
    LostAnswer,
    Maintenance,
    NameUnknown,
    NoSuchResource,
    NotFound,
    NotServiceNow,
    PartialResult,
    PayloadTooLarge,
    RateLimited,
    ServerFault,
    SsoRedirect,
    TlsRefused,
    Unreachable,
)
from scoredesk.servicenow.errors.of_refusals import (
    AddressRefused,
    ApiAclRefused,
    BusinessRuleRefused,
    CrossScopeCaller,
    CrossScopeDecryption,
    CrossScopeNotGranted,
    CrossScopePolicy,
    CrossScopePrivilege,
    CrossScopeRefused,
    DataPolicyRefused,
    DeleteRefused,
    Forbidden,
    GatewayRefused,
    InsertRefused,
    QueryRefused,
    ScopeMissing,
    UnscopedApi,
    UpdateRefused,
)
from scoredesk.servicenow.errors.of_sign_in import (
    ApplicationRefused,
    ClientCredentialsRefused,
    ClientRefused,
    ClientUnknown,
    CodeRefused,
    FreshTokenRefused,
    GrantRefused,
    MfaRequired,
    OAuthInactive,
    RedirectRefused,
    RefreshRefused,
    TokenRefused,
    Unauthorized,
)

__all__ = [
    "AddressRefused",
    "AnswerTimedOut",
    "ApiAclRefused",
    "ApplicationRefused",
    "BadRequest",
    "BusinessRuleRefused",
    "ClientCredentialsRefused",
    "ClientRefused",
    "ClientUnknown",
    "CodeRefused",
    "ConnectTimedOut",
    "ConnectionCut",
    "ConnectionRefused",
    "CrossScopeCaller",
    "CrossScopeDecryption",
    "CrossScopeNotGranted",
    "CrossScopePolicy",
    "CrossScopePrivilege",
    "CrossScopeRefused",
    "DataPolicyRefused",
    "DeleteRefused",
    "Forbidden",
    "FreshTokenRefused",
    "GatewayRefused",
    "GrantRefused",
    "Hibernating",
    "InsertRefused",
    "InvalidTable",
    "LostAnswer",
    "Maintenance",
    "MfaRequired",
    "NameUnknown",
    "NoSuchResource",
    "NotFound",
    "NotServiceNow",
    "OAuthInactive",
    "PartialResult",
    "PayloadTooLarge",
    "QueryRefused",
    "RateLimited",
    "RedirectRefused",
    "RefreshRefused",
    "ScopeMissing",
    "ServerFault",
    "ServiceNowError",
    "SsoRedirect",
    "TlsRefused",
    "TokenRefused",
    "Unauthorized",
    "Unreachable",
    "UnscopedApi",
    "UpdateRefused",
]
