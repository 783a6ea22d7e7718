"""Improvement actions of the category Apps but mail: Teams, SharePoint, cloud apps, Intune."""

from __future__ import annotations

from scoredesk.sandbox.microsoft.catalogue import (
    BREACH,
    BREACH_OLD,
    CRACKING,
    ELEVATION,
    EXFILTRATION,
    IDENTITY,
    INSIDER,
    Action,
)

MEETINGS = "https://admin.teams.microsoft.com/policies/meetings"
TEAMS = "In the <strong>Teams admin center</strong>, open <em>Meetings &gt; Meeting policies</em>."
CLOUD_APPS = "https://security.microsoft.com/cloudapps/policies/management?tid={tenant}"
MFA_TITLE = "Enable multi-factor authentication (MFA)"

APP_ACTIONS = (
    Action(
        "aad_phishing_MFA_strength",
        "Ensure 'Phishing-resistant MFA strength' is required for Administrators",
        7,
        why="A code from a phone can be typed into a false page. A key cannot be fooled so.",
        steps=(
            "Give every administrator two passkeys or hardware keys.",
            "Create a Conditional Access policy for administrative roles.",
            (
                "Grant access with <strong>Require authentication strength</strong>:"
                " <em>Phishing-resistant MFA</em>."
            ),
        ),
        docs="entra/identity/authentication/concept-authentication-strengths",
        effect="Administrators sign in with a key.",
        service="AzureAD",
        threats=(EXFILTRATION, CRACKING, BREACH),
        kind="ratio",
        course=((-90, 0.0), (-26, 44.0)),
    ),
    Action(
        "aad_third_party_apps",
        "Ensure third party integrated applications are not allowed",
        5,
        why="Nobody notices an app that somebody registered years ago.",
        steps=(
            "In the Microsoft Entra admin center, open <em>Users &gt; User settings</em>.",
            "Set <strong>Users can register applications</strong> to <strong>No</strong>.",
        ),
        docs="entra/identity/role-based-access-control/delegate-app-roles",
        effect="Developers ask for a registration.",
        service="AzureAD",
        impact=None,
        threats=(BREACH, EXFILTRATION),
        kind="plain",
        course=((-90, 0.0), (-15, 100.0)),
    ),
    Action(
        "admincenter_owned_apps_and_services",
        "Ensure 'User owned apps and services' is restricted",
        3,
        why="Trials that people start themselves bring data to places nobody watches.",
        steps=(
            "In the Microsoft 365 admin center, open <em>Org settings &gt; Services</em>.",
            "Choose <strong>User owned apps and services</strong> and clear both boxes.",
        ),
        docs="microsoft-365/admin/manage/manage-self-service-purchases-admins",
        service="Admincenter",
        threats=(EXFILTRATION, BREACH),
        kind="plain",
    ),
    Action(
        "meeting_autoadmitusers_v1",
        "Only invited users should be automatically admitted to Teams meetings",
        2,
        why="A forwarded link should end in the lobby.",
        steps=(
            TEAMS,
            "Edit the policy <strong>Global (Org-wide default)</strong>.",
            "Set <strong>Who can bypass the lobby</strong> to <em>People who were invited</em>.",
        ),
        docs="microsoftteams/who-can-bypass-meeting-lobby",
        url=MEETINGS,
        effect="Organizers admit late guests by hand.",
        service="TEAMS",
        rank=0,
        cost="low",
        impact="low",
        kind="ratio",
        course=((-90, 0.0), (-47, 100.0)),
    ),
    Action(
        "meeting_anonymousstartmeeting_v1",
        "Restrict anonymous users from starting Teams meetings",
        1,
        why="A meeting begins when someone is there whom you know.",
        steps=(
            TEAMS,
            "Turn off <strong>Anonymous users and dial-in callers can start a meeting</strong>.",
        ),
        docs="microsoftteams/anonymous-users-in-meetings",
        url=MEETINGS,
        effect="Guests wait until somebody of yours joins.",
        service="TEAMS",
        rank=0,
        cost="low",
        impact="low",
        kind="ratio",
        course=((-90, 100.0),),
    ),
    Action(
        "meeting_externalrequestcontrol_v1",
        "Limit external participants from having control in a Teams meeting",
        1,
        why="Giving control to a stranger gives your keyboard away.",
        steps=(
            TEAMS,
            (
                "Under <em>Content sharing</em>, turn off <strong>External participants can give or"
                " request control</strong>."
            ),
        ),
        docs="microsoftteams/meeting-who-present-request-control",
        url=MEETINGS,
        service="TEAMS",
        rank=0,
        cost="low",
        impact="low",
        kind="ratio",
    ),
    Action(
        "spo_idle_session_timeout",
        "Sign out inactive users in SharePoint Online",
        1,
        why="\n\t\t\tA browser left open in a library is an open cupboard.",
        steps=(
            (
                "In the <strong>SharePoint admin center</strong>, open <em>Policies &gt; Access"
                " control</em>."
            ),
            (
                "Turn on <strong>Idle session sign-out</strong>, warn after 50 minutes and sign out"
                " after 60."
            ),
        ),
        docs="sharepoint/sign-out-inactive-users",
        effect="People on shared machines sign in again after an hour of rest.",
        service="SPO",
        rank=128,
    ),
    Action(
        "spo_external_sharing_managed",
        "Ensure SharePoint external sharing is managed through domain whitelist/blacklists",
        3,
        why="Share with partners, not with the world.",
        steps=(
            "In the SharePoint admin center, open <em>Policies &gt; Sharing</em>.",
            "Tick <strong>Limit external sharing by domain</strong>.",
            "Add the domains of your partners, one in each line.",
        ),
        docs="sharepoint/restricted-domains-sharing",
        effect="Invitations to other domains are refused.",
        service="SPO",
        threats=(EXFILTRATION, BREACH),
    ),
    Action(
        "McasFirewallLogUpload",
        "Deploy a log collector to discover shadow IT activity",
        1,
        why="Firewall logs know which services people really use.",
        steps=(
            (
                "In the Microsoft Defender portal, open <em>Settings &gt; Cloud apps &gt; Automatic"
                " log upload</em>."
            ),
            "Add a data source for your firewall, then a log collector.",
            "Run the collector's container and send syslog to it.",
        ),
        docs="defender-cloud-apps/discovery-docker",
        url="https://security.microsoft.com/cloudapps/settings?tabid=discovery-autoUpload",
        effect="None for users.",
        service="MCAS",
        rank=82,
        cost="Moderate",
        impact="Low",
        tier="Advanced",
        threats=(EXFILTRATION,),
    ),
    Action(
        "McasCutomActivityPolicy",
        "Create a custom activity policy to get alerts about suspicious usage patterns",
        2,
        why="A thousand downloads in ten minutes are worth a look.",
        steps=(
            "Open <em>Cloud apps &gt; Policies &gt; Policy management</em>.",
            "Create an <strong>Activity policy</strong> from the template for mass downloads.",
            "Send alerts to the people who will act on them.",
        ),
        docs="defender-cloud-apps/user-activity-policies",
        url=CLOUD_APPS,
        service="MCAS",
        rank=80,
        cost="Low",
        impact="Moderate",
        tier="Advanced",
        threats=(BREACH_OLD, ELEVATION, INSIDER),
        course=((-90, 0.0), (-53, 100.0)),
    ),
    Action(
        "McasOAuthAppNotification",
        "Create an OAuth app policy to notify you about new OAuth applications",
        4,
        why="You hear of a new app with high permissions on the day it appears.",
        steps=(
            "Open <em>Cloud apps &gt; Policies &gt; Policy management</em>.",
            "Create an <strong>OAuth app policy</strong> for high permission level and rare use.",
            "Choose an alert, and revoke automatically if you wish.",
        ),
        docs="defender-cloud-apps/app-permission-policy",
        url=CLOUD_APPS,
        service="MCAS",
        rank=57,
        cost="Low",
        impact="Moderate",
        tier="Defense In Depth",
        threats=(BREACH_OLD, ELEVATION, INSIDER),
    ),
    Action(
        "MDA_GitHub_MFA",
        MFA_TITLE,
        7,
        why="Source code is worth a second factor.",
        steps=(
            "In GitHub, open the enterprise's <em>Settings &gt; Authentication security</em>.",
            "Tick <strong>Require two-factor authentication</strong>.",
            "Warn members first: those without it are removed.",
        ),
        docs="defender-cloud-apps/protect-github",
        service="MDA_GitHub",
        threats=(BREACH, EXFILTRATION),
        kind="none",
    ),
    Action(
        "MDA_Zendesk_MFA",
        "Enable and adopt two-factor authentication (2FA)",
        7,
        why="Support tickets hold what customers trust you with.",
        steps=(
            (
                "In the Zendesk Admin Center, open <em>Account &gt; Security &gt; Team member"
                " authentication</em>."
            ),
            "Require two-factor authentication.",
        ),
        docs="defender-cloud-apps/protect-zendesk",
        service="MDA_Zendesk",
        threats=(BREACH, EXFILTRATION, CRACKING),
        kind="none",
    ),
    Action(
        "11770.MDA_Google_EnableTwoFactorAuth",
        MFA_TITLE,
        7,
        why="An account in another cloud is still an account of yours.",
        steps=(
            "In the Google admin console, open <em>Security &gt; 2-step verification</em>.",
            "Allow it, give people two weeks to enrol, then enforce it for every unit.",
        ),
        docs="defender-cloud-apps/protect-google-workspace",
        category=IDENTITY,
        service="MDA_Google",
        threats=(BREACH, EXFILTRATION),
        kind="plain",
    ),
    Action(
        "intune_mobile_device_encryption",
        "Ensure that mobile device encryption is enabled to prevent unauthorized access to mobile"
        " data",
        3,
        why="Phones are lost more often than laptops.",
        steps=(
            "In the Microsoft Intune admin center, open <em>Devices &gt; Compliance</em>.",
            (
                "Create a policy for Android and set <strong>Require encryption of data storage on"
                " device</strong>."
            ),
            "Mark devices that do not comply after three days.",
        ),
        docs="intune/intune-service/protect/device-compliance-get-started",
        effect="Phones that are not encrypted lose access to mail.",
        service="Intune",
        impact=None,
        threats=(BREACH,),
        kind="plain",
        course=((-90, 0.0), (-9, 100.0)),
    ),
)
