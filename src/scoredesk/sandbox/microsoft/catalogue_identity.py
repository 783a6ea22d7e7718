"""Improvement actions of the category Identity."""

from __future__ import annotations

from scoredesk.sandbox.microsoft.catalogue import (
    BREACH,
    BREACH_OLD,
    CRACKING,
    ELEVATION,
    EXFILTRATION,
    IDENTITY,
    INSIDER,
    SPILLAGE,
    Action,
)

CA = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade"
ENTRA = "<strong>Microsoft Entra admin center</strong>"

ENTRA_ACTIONS = (
    Action(
        "AdminMFAV2",
        "Ensure multifactor authentication is enabled for all users in administrative roles",
        10,
        why="<p>An administrator's password alone opens the whole tenant. A second factor stops"
        " nearly every attack that starts with a stolen one.</p>",
        steps=(
            (
                f"In the {ENTRA}, open <em>Protection &gt; Conditional Access</em> and choose"
                " <strong>New policy from template</strong>."
            ),
            "Pick the template that requires multifactor authentication for admins.",
            "Exclude your two emergency access accounts, and nobody else.",
            (
                "Start in <strong>Report-only</strong>, read the sign-in log for a week, then turn"
                " the policy to <strong>On</strong>."
            ),
        ),
        docs="entra/identity/conditional-access/policy-old-require-mfa-admin",
        url=CA,
        effect="Administrators register a second factor at their next sign-in and confirm it"
        " from then on. Scripts that sign in with an admin's password stop working.",
        category=IDENTITY,
        service="AzureAD",
        rank=1,
        cost="Low",
        impact="Low",
        threats=(CRACKING, BREACH_OLD, ELEVATION),
        kind="ratio",
        course=((-90, 71.5), (-61, 85.5)),
    ),
    Action(
        "MFARegistrationV2",
        "Ensure multifactor authentication is enabled for all users",
        9,
        why="Passwords leak, get guessed and get reused. <br/>Accounts that need a second factor"
        " keep their owner even then.",
        steps=(
            (
                f"Check in the {ENTRA} under <em>Authentication methods &gt; User registration"
                " details</em> who has no method yet."
            ),
            "Announce the change, and run a registration campaign for Microsoft Authenticator.",
            (
                "Create a Conditional Access policy for <strong>All users</strong> and <strong>All"
                " resources</strong> that grants access with multifactor authentication."
            ),
            "Exclude emergency access accounts and service accounts that you list by name.",
            "Roll out department by department; have the service desk ready for lost phones.",
        ),
        docs="entra/identity/conditional-access/policy-all-users-mfa-strength",
        url=CA,
        effect="<p>Everybody needs a phone, a passkey or a hardware key. Expect more calls to the"
        " service desk in the first two weeks.</p>",
        category=IDENTITY,
        service="AzureAD",
        rank=12,
        cost="High",
        impact="High",
        threats=(CRACKING, BREACH_OLD),
        kind="ratio",
        course=((-90, 42.0), (-70, 48.5), (-48, 55.0), (-30, 61.5), (-11, 68.0)),
    ),
    Action(
        "BlockLegacyAuthentication",
        "Enable Conditional Access policies to block legacy authentication",
        8,
        why="Old protocols such as POP, IMAP and basic SMTP cannot ask for a second factor, so"
        " password spraying goes through them.",
        steps=(
            (
                "Filter the sign-in log by <strong>Client app</strong> and list who still uses old"
                " clients."
            ),
            "Move those people and devices to current apps; give printers and scanners a relay.",
            (
                "Make a Conditional Access policy for the client apps <em>Exchange ActiveSync</em>"
                " and <em>Other clients</em>, and the control <strong>Block access</strong>."
            ),
            "Switch it on for everyone once the report shows no more use.",
        ),
        docs="entra/identity/conditional-access/policy-block-legacy-authentication",
        url=CA,
        effect="Clients older than Office 2013 and devices that send mail by basic"
        " authentication lose access.",
        category=IDENTITY,
        service="AzureAD",
        rank=68,
        cost="Moderate",
        impact="Moderate",
        tier="Advanced",
        threats=(CRACKING, BREACH_OLD),
        kind="ratio",
        # The first regression of the seeds: an exclusion that somebody added and took back.
        course=((-90, 100.0), (-34, 62.0), (-25, 100.0)),
    ),
    Action(
        "SigninRiskPolicy",
        "Enable Microsoft Entra ID Identity Protection sign-in risk policies",
        7,
        why="A sign-in from an unusual place or a known bad address should have to prove itself.",
        steps=(
            "Check that the people concerned have Microsoft Entra ID P2 licences.",
            (
                "Make a Conditional Access policy for the condition <strong>Sign-in risk</strong>:"
                " <em>Medium</em> and <em>High</em>."
            ),
            (
                "Grant access with multifactor authentication, and set the sign-in frequency to"
                " <em>Every time</em>."
            ),
            "Exclude emergency access accounts, test in report-only mode, and switch it on.",
        ),
        docs="entra/id-protection/howto-identity-protection-configure-risk-policies",
        url=CA,
        effect="People who travel confirm their sign-in more often.",
        category=IDENTITY,
        service="AzureAD",
        rank=58,
        cost="Moderate",
        impact="Moderate",
        threats=(CRACKING, BREACH_OLD),
        kind="ratio",
        course=((-90, 0.0), (-20, 100.0)),
    ),
    Action(
        "UserRiskPolicy",
        "Enable Microsoft Entra ID Identity Protection user risk policies",
        7,
        why="When a password turns up in a leak, its owner should change it before anyone else"
        " can use it.",
        steps=(
            "Turn on self-service password reset for those whom the policy will reach.",
            (
                "Create a Conditional Access policy with the condition <strong>User risk</strong>:"
                " <em>High</em>."
            ),
            (
                "Grant access with multifactor authentication and <strong>Require password"
                " change</strong>."
            ),
            "Look through the risky users report first and close what is already known.",
        ),
        docs="entra/id-protection/concept-identity-protection-policies",
        url=CA,
        effect="Someone at high risk cannot go on until the password is changed.",
        category=IDENTITY,
        service="AzureAD",
        rank=59,
        cost="Moderate",
        impact="Moderate",
        threats=(CRACKING, BREACH_OLD),
        kind="ratio",
        course=((-90, 0.0),),
    ),
    Action(
        "PWAgePolicyNew",
        "Ensure the 'Password expiration policy' is set to 'Set passwords to never expire"
        " (recommended)'",
        8,
        why="People who must change a good password every few weeks choose worse ones.",
        steps=(
            (
                "In the <strong>Microsoft 365 admin center</strong>, open <em>Settings &gt; Org"
                " settings &gt; Security &amp; privacy</em>."
            ),
            "Choose <strong>Password expiration policy</strong>.",
            "Tick <strong>Set passwords to never expire</strong> and save.",
            (
                "For a single domain: <code>Update-MgDomain -DomainId <DomainName>"
                " -PasswordValidityPeriodInDays 2147483647</code>."
            ),
        ),
        docs="microsoft-365/admin/manage/set-password-expiration-policy",
        effect="Nobody is asked to change a password because of its age any more.",
        category=IDENTITY,
        service="AzureAD",
        rank=33,
        cost="Low",
        impact="Moderate",
        threats=(CRACKING, BREACH_OLD),
        kind="plain",
        course=((-90, 100.0),),
    ),
    Action(
        "IntegratedApps",
        "Ensure user consent to apps accessing company data on their behalf is not allowed",
        4,
        why="A harmless looking app can ask a person for the right to read all mail, and get it.",
        steps=(
            f"In the {ENTRA}, open <em>Enterprise applications &gt; Consent and permissions</em>.",
            "Choose <strong>Do not allow user consent</strong>.",
            "Turn on the admin consent workflow, so that people have somewhere to ask.",
            "Review the consents given so far and revoke those that nobody needs.",
        ),
        docs="entra/identity/enterprise-apps/configure-user-consent",
        effect="People ask an administrator before they connect a new app.",
        category=IDENTITY,
        service="AzureAD",
        rank=35,
        cost="Low",
        impact="Moderate",
        tier="Defense In Depth",
        threats=(EXFILTRATION, SPILLAGE),
        course=((-90, 0.0),),
    ),
    Action(
        "SelfServicePasswordReset",
        "Ensure 'Self service password reset enabled' is set to 'All'",
        1,
        why="Someone who can reset a password alone does not wait on the service desk, and does"
        " it as soon as something seems wrong.",
        steps=(
            f"In the {ENTRA}, open <em>Protection &gt; Password reset</em>.",
            "Set <strong>Self service password reset enabled</strong> to <strong>All</strong>.",
            "Require two methods, and registration at sign-in.",
        ),
        docs="entra/identity/authentication/tutorial-enable-sspr",
        effect="People register reset methods at their next sign-in.",
        category=IDENTITY,
        service="AzureAD",
        rank=20,
        cost="Moderate",
        impact="Moderate",
        threats=(CRACKING, BREACH_OLD),
        kind="ratio",
    ),
    Action(
        "OneAdmin",
        "Designate more than one global admin",
        1,
        why="With one global administrator, one lost phone locks everyone out.",
        steps=(
            "Create two cloud-only emergency accounts with long passwords and hardware keys.",
            "Assign them the role Global Administrator, permanently.",
            "Keep the number of global administrators between two and four.",
            "Alert on every sign-in of the emergency accounts.",
        ),
        docs="entra/identity/role-based-access-control/security-emergency-access",
        effect="None for users.",
        category=IDENTITY,
        service="AzureAD",
        rank=27,
        cost="Low",
        impact="Low",
        threats=(ELEVATION, BREACH_OLD),
        kind="plain",
        course=((-90, 100.0),),
    ),
    Action(
        "RoleOverlap",
        "Use least privileged administrative roles",
        1,
        why="Daily work seldom needs a global administrator. A smaller role is a smaller loss.",
        steps=(
            "List the members of every privileged role under <em>Roles &amp; admins</em>.",
            (
                "Give each person the smallest role that covers the work, such as Helpdesk"
                " Administrator or Exchange Administrator."
            ),
            "Make what remains eligible instead of active with Privileged Identity Management.",
        ),
        docs="entra/identity/role-based-access-control/delegate-by-task",
        effect="Some administrators activate a role before they use it.",
        category=IDENTITY,
        service="AzureAD",
        rank=50,
        cost="Low",
        impact="Low",
        threats=(BREACH_OLD, ELEVATION, INSIDER),
        kind="plain",
    ),
    Action(
        "PasswordHashSync",
        "Ensure that password hash sync is enabled for hybrid deployments",
        5,
        why="Hash sync lets Microsoft warn about leaked passwords, and keeps sign-in alive when"
        " the servers on site are down.",
        steps=(
            (
                "Start <strong>Microsoft Entra Connect</strong> on its server and choose"
                " <em>Customize synchronization options</em>."
            ),
            "Tick <strong>Password hash synchronization</strong> under optional features.",
            "Finish the wizard and wait for the first full cycle.",
        ),
        docs="entra/identity/hybrid/connect/how-to-connect-password-hash-synchronization",
        effect="None that users notice.",
        category=IDENTITY,
        service="AzureAD",
        rank=9,
        cost="Low",
        impact="Low",
        threats=(CRACKING, BREACH_OLD),
        kind="none",
    ),
    Action(
        "aad_admin_consent_workflow",
        "Ensure the admin consent workflow is enabled",
        5,
        why="People who may not consent need a way to ask, or they look for a way around.",
        steps=(
            (
                f"In the {ENTRA}, open <em>Enterprise apps &gt; Consent and permissions &gt;"
                " Admin consent settings</em>."
            ),
            "Set <strong>Users can request admin consent</strong> to <strong>Yes</strong>.",
            "Name reviewers, let them be notified by mail, and let requests lapse after 30 days.",
        ),
        docs="entra/identity/enterprise-apps/configure-admin-consent-workflow",
        effect="Users see a request form instead of a refusal.",
        category=IDENTITY,
        service="AzureAD",
        impact=None,
        threats=(EXFILTRATION,),
        kind="plain",
    ),
    Action(
        "aad_custom_banned_passwords",
        "Ensure custom banned passwords lists are used",
        5,
        why="Attackers try the name of the company first.",
        steps=(
            f"In the {ENTRA}, open <em>Authentication methods &gt; Password protection</em>.",
            "Set <strong>Enforce custom list</strong> to <strong>Yes</strong>.",
            "Enter brand names, products, places and abbreviations, one in each line.",
        ),
        docs="entra/identity/authentication/tutorial-configure-custom-password-protection",
        effect="A new password that holds a listed word is refused.",
        category=IDENTITY,
        service="AzureAD",
        threats=(EXFILTRATION, CRACKING, BREACH),
        kind="plain",
        course=((-90, 0.0), (-56, 100.0)),
    ),
    Action(
        "aad_limited_administrative_roles",
        "Ensure 'Microsoft Azure Management' is limited to administrative roles",
        3,
        why="Ordinary accounts have no business in the tools that manage Azure.",
        steps=(
            "Create a Conditional Access policy for all users but those in administrative roles.",
            "Choose <strong>Windows Azure Service Management API</strong> as target resource.",
            "Set the control to <strong>Block access</strong>, test, and switch it on.",
        ),
        docs="entra/identity/conditional-access/policy-old-require-mfa-azure-mgmt",
        url=CA,
        effect="People without a role can no longer open the Azure portal or its command line.",
        category=IDENTITY,
        service="AzureAD",
        threats=(EXFILTRATION, BREACH),
        kind="plain",
    ),
)
