"""What may go wrong with a connection, apart from what ServiceNow itself says.

ConnectionFault
├── SetupIncomplete            authorize was pressed before everything was filled in
├── OtherInstance              the tenant is connected to another instance
├── SecretNeeded               the address is new: the saved secret belongs to the old one
├── NotAuthorized              no tokens are kept: nobody has pressed Allow yet
├── WrongUser                  the tokens belong to somebody else than was declared
├── PersonalCredentials        … to a person who uses the portal
├── UserUnusable               the integration user is inactive or locked out
├── TableUnreadable            the check saw no record of a table
├── ChoicesUnreadable          the check saw no choices
├── ReleaseTooOld  ReleaseUnknown  ClockOff  AppMissing  AppRefused      the way to the instance
├── NoCallback  NoCallbackSso  SsoAhead  PermissionLapsing  PermissionLapsed
├── ChangeRefused              a change of a connection that was not carried out
│   ├── NewSecretRefused  AddressTaken  AnotherInstance
├── Validation                 what the check with the integration user's password found
│   ├── ValidationRefused  ValidationGrantRefused  ValidationWebServiceOnly
│   └── ValidationMfa  ValidationBasicRestricted
├── FieldFault                 a field that cannot be sent as it is mapped, or a trial record
│   ├── PlaceholderUnknown  FieldNotMappable  ReferenceNotFound
│   └── TrialUncertain  TrialInvisible  TrialNotCancelled
├── AccountDoubt               the kind of account that the integration user is
│   ├── AdminRights  PersonalAccount  WebServiceOnly  InternalUser  DomainSeparated
├── InstanceCloned             another instance was copied over it
├── ReadRefused  ReadRoleMissing  SearchRefused  SearchIgnored
├── FieldsMissing  FieldsHidden  DatesInSessionZone
├── TicketsRefused             new tickets of a table are refused, all else works
│   ├── CreateRoleMissing  CreateRefused  CreatedInvisible
│   ├── MandatoryFields  RuleInTheWay
├── ChoicesDiffer              choices, or what is known of them
│   ├── StatesRenamed  StatesGone  StatesAdded  StatesWithoutPhase
│   ├── PrioritiesGone  PrioritiesRenamed  LanguageMissing  OlderCloseCodes
├── OtherNumbers  RulesUntried  RulesTried  RateRuleSeen  QueriesCancelled
├── NoWorker  NobodyMayShare  NoActions ── ActionsElsewhere
└── AuthorizationRefused       the way back from the Allow page
    ├── StateMissing  StateUnknown  StateForeign  StateElsewhere  StateReplayed  StateExpired
    ├── Denied  InstanceDeclined  CodeMissing
    └── SetupChanged           the row changed meanwhile; a guided change raises it too
"""

from __future__ import annotations

from scoredesk.connections.errors.base import (
    ConnectionFault,
)
from scoredesk.connections.errors.of_authorization import (
    AuthorizationRefused,
    CodeMissing,
    Denied,
    InstanceDeclined,
    SetupChanged,
    StateElsewhere,
    StateExpired,
    StateForeign,
    StateMissing,
    StateReplayed,
    StateUnknown,
)
from scoredesk.connections.errors.of_changes import (
    AddressTaken,
    AnotherInstance,
    ChangeRefused,
    NewSecretRefused,
    Validation,
    ValidationBasicRestricted,
    ValidationGrantRefused,
    ValidationMfa,
    ValidationRefused,
    ValidationWebServiceOnly,
)
from scoredesk.connections.errors.of_fields import (
    FieldFault,
    FieldNotMappable,
    PlaceholderUnknown,
    ReferenceNotFound,
    TrialInvisible,
    TrialNotCancelled,
    TrialUncertain,
)
from scoredesk.connections.errors.of_setup import (
    ChoicesUnreadable,
    NotAuthorized,
    OtherInstance,
    PersonalCredentials,
    SecretNeeded,
    SetupIncomplete,
    TableUnreadable,
    UserUnusable,
    WrongUser,
)
from scoredesk.connections.errors.of_sign_in import (
    AppMissing,
    AppRefused,
    ClockOff,
    NoCallback,
    NoCallbackSso,
    PermissionLapsed,
    PermissionLapsing,
    ReleaseTooOld,
    ReleaseUnknown,
    SsoAhead,
)
from scoredesk.connections.errors.of_tables import (
    AccountDoubt,
    ActionsElsewhere,
    AdminRights,
    ChoicesDiffer,
    CreatedInvisible,
    CreateRefused,
    CreateRoleMissing,
    DatesInSessionZone,
    DomainSeparated,
    FieldsHidden,
    FieldsMissing,
    InstanceCloned,
    InternalUser,
    LanguageMissing,
    MandatoryFields,
    NoActions,
    NobodyMayShare,
    NoWorker,
    OlderCloseCodes,
    OtherNumbers,
    PersonalAccount,
    PrioritiesGone,
    PrioritiesRenamed,
    QueriesCancelled,
    RateRuleSeen,
    ReadRefused,
    ReadRoleMissing,
    RuleInTheWay,
    RulesTried,
    RulesUntried,
    SearchIgnored,
    SearchRefused,
    StatesAdded,
    StatesGone,
    StatesRenamed,
    StatesWithoutPhase,
    TicketsRefused,
    WebServiceOnly,
)

__all__ = [
    "AccountDoubt",
    "ActionsElsewhere",
    "AddressTaken",
    "AdminRights",
    "AnotherInstance",
    "AppMissing",
    "AppRefused",
    "AuthorizationRefused",
    "ChangeRefused",
    "ChoicesDiffer",
    "ChoicesUnreadable",
    "ClockOff",
    "CodeMissing",
    "ConnectionFault",
    "CreateRefused",
    "CreateRoleMissing",
    "CreatedInvisible",
    "DatesInSessionZone",
    "Denied",
    "DomainSeparated",
    "FieldFault",
    "FieldNotMappable",
    "FieldsHidden",
    "FieldsMissing",
    "InstanceCloned",
    "InstanceDeclined",
    "InternalUser",
    "LanguageMissing",
    "MandatoryFields",
    "NewSecretRefused",
    "NoActions",
    "NoCallback",
    "NoCallbackSso",
    "NoWorker",
    "NobodyMayShare",
    "NotAuthorized",
    "OlderCloseCodes",
    "OtherInstance",
    "OtherNumbers",
    "PermissionLapsed",
    "PermissionLapsing",
    "PersonalAccount",
    "PersonalCredentials",
    "PlaceholderUnknown",
    "PrioritiesGone",
    "PrioritiesRenamed",
    "QueriesCancelled",
    "RateRuleSeen",
    "ReadRefused",
    "ReadRoleMissing",
    "ReferenceNotFound",
    "ReleaseTooOld",
    "ReleaseUnknown",
    "RuleInTheWay",
    "RulesTried",
    "RulesUntried",
    "SearchIgnored",
    "SearchRefused",
    "SecretNeeded",
    "SetupChanged",
    "SetupIncomplete",
    "SsoAhead",
    "StateElsewhere",
    "StateExpired",
    "StateForeign",
    "StateMissing",
    "StateReplayed",
    "StateUnknown",
    "StatesAdded",
    "StatesGone",
    "StatesRenamed",
    "StatesWithoutPhase",
    "TableUnreadable",
    "TicketsRefused",
    "TrialInvisible",
    "TrialNotCancelled",
    "TrialUncertain",
    "UserUnusable",
    "Validation",
    "ValidationBasicRestricted",
    "ValidationGrantRefused",
    "ValidationMfa",
    "ValidationRefused",
    "ValidationWebServiceOnly",
    "WebServiceOnly",
    "WrongUser",
]
