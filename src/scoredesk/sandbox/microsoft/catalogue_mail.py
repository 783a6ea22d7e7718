"""Improvement actions of the category Apps that protect mail: Exchange Online and Defender."""

from __future__ import annotations

from scoredesk.sandbox.microsoft.catalogue import (
    BREACH,
    DELETION,
    EXFILTRATION,
    SPILLAGE,
    Action,
)

POLICIES = "https://security.microsoft.com/threatpolicy?tid={tenant}"
SPAM = "https://security.microsoft.com/antispam?tid={tenant}"
PHISH = "https://security.microsoft.com/antiphishing?tid={tenant}"
DEFENDER = "<strong>Microsoft Defender portal</strong>"
RULES = "<em>Email &amp; collaboration &gt; Policies &amp; rules &gt; Threat policies</em>"

MAIL_ACTIONS = (
    Action(
        "mdo_safelinksforemail",
        "Create Safe Links policies for email messages",
        9,
        why="<p>A link can turn bad after the mail was delivered. Safe Links looks again at the"
        " moment of the click.</p>",
        steps=(
            f"In the {DEFENDER}, open {RULES} and choose <strong>Safe Links</strong>.",
            "Create a policy for all your domains.",
            "Switch on URL rewriting and checking at the time of the click for email.",
            "Leave <em>Let users click through to the original URL</em> cleared.",
        ),
        docs="defender-office-365/safe-links-policies-configure",
        url=POLICIES,
        effect="Links in mail show a Microsoft address; a dangerous one opens a warning page.",
        service="MDO",
        rank=128,
        cost="Medium",
        impact="High",
        kind="ratio",
        # The second regression of the seeds: the policy lost its domains for a week.
        course=((-90, 0.0), (-66, 100.0), (-13, 35.0), (-6, 100.0)),
    ),
    Action(
        "mdo_safeattachments",
        "Turn on Safe Attachments in block mode",
        8,
        why="Files that no scanner knows yet are opened in a sealed room first.",
        steps=(
            f"In the {DEFENDER}, open {RULES} and choose <strong>Safe Attachments</strong>.",
            "Create a policy for all your domains with the response <strong>Block</strong>.",
            "Send blocked messages to quarantine with the policy <em>AdminOnlyAccess</em>.",
        ),
        docs="defender-office-365/safe-attachments-policies-configure",
        url=POLICIES,
        effect="Mail with an attachment may arrive a few minutes later.",
        service="MDO",
        rank=128,
        cost="Medium",
        impact="High",
        kind="ratio",
        course=((-90, 0.0), (-52, 40.0), (-38, 100.0)),
    ),
    Action(
        "mdo_enablemailboxintelligence",
        "Ensure that mailbox intelligence is enabled",
        8,
        why="\n\t\t\tKnowing whom a person usually writes with makes a stranger in disguise stand"
        " out.",
        steps=(
            f"In the {DEFENDER}, open {RULES}, then <strong>Anti-phishing</strong>.",
            "Edit the policy that covers your users.",
            "Tick <strong>Enable mailbox intelligence</strong> and save.",
        ),
        docs="defender-office-365/anti-phishing-policies-mdo-configure",
        url=PHISH,
        effect="None; it only learns.",
        service="MDO",
        rank=128,
        cost="Medium",
        kind="ratio",
        course=((-90, 100.0),),
    ),
    Action(
        "mdo_enabledomainstoprotect",
        "Enable impersonated domain protection",
        8,
        why="\n\t\t\tA letter changed in a domain name is easily overlooked.",
        steps=(
            "Open the anti-phishing policy of your users.",
            "Under <em>Impersonation</em>, tick <strong>Include domains I own</strong>.",
            "Add the domains of partners you exchange invoices with.",
        ),
        docs="defender-office-365/anti-phishing-mdo-impersonation-insight",
        url=PHISH,
        effect="Mail from look-alike domains is held back.",
        service="MDO",
        rank=128,
        cost="Medium",
        kind="ratio",
        course=((-90, 0.0),),
    ),
    Action(
        "mdo_phishthresholdlevel",
        "Set the phishing email level threshold at 2 or higher",
        8,
        why="The standard level lets through mail of which the filter is fairly sure that it is"
        " phishing.",
        steps=(
            "Open the anti-phishing policy of your users.",
            "Move <strong>Phishing email threshold</strong> to <em>2 - Aggressive</em> or more.",
            "Watch quarantine for two weeks and release what was held by mistake.",
        ),
        docs="defender-office-365/anti-phishing-policies-about",
        url=PHISH,
        effect="Slightly more good mail lands in quarantine.",
        service="MDO",
        rank=128,
        cost="Medium",
        kind="ratio",
        course=((-90, 0.0), (-18, 100.0)),
    ),
    Action(
        "mdo_mailboxintelligenceprotection",
        "Ensure that intelligence for impersonation protection is enabled",
        8,
        why="Mailbox intelligence knows the disguise; this setting lets it act.",
        steps=(
            "Open the anti-phishing policy of your users.",
            "Tick <strong>Enable intelligence for impersonation protection</strong>.",
            "Choose an action, best <em>Quarantine the message</em>.",
        ),
        docs="defender-office-365/anti-phishing-policies-mdo-configure",
        url=PHISH,
        effect="Suspected impersonation no longer reaches the inbox.",
        service="MDO",
        rank=128,
        cost="Medium",
        kind="ratio",
    ),
    Action(
        "mdo_zapmalware",
        "Create zero-hour auto purge policies for malware",
        6,
        why="Mail that turns out to be harmful later is taken back out of the mailbox.",
        steps=(
            "Open the anti-malware policy of your users.",
            "Tick <strong>Enable zero-hour auto purge for malware</strong>.",
        ),
        docs="defender-office-365/zero-hour-auto-purge",
        url="https://security.microsoft.com/antimalwarev2?tid={tenant}",
        effect="A message may vanish from the inbox after it was read.",
        service="MDO",
        rank=128,
        cost="Medium",
        impact="High",
        kind="ratio",
        course=((-90, 100.0),),
    ),
    Action(
        "mdo_zapphish",
        "Create zero-hour auto purge policies for phishing messages",
        3,
        why="Phishing that got through is moved away as soon as it is known.",
        steps=(
            "Open the anti-spam inbound policy of your users.",
            "Tick <strong>Enable zero-hour auto purge</strong> and <em>for phishing messages</em>.",
        ),
        docs="defender-office-365/zero-hour-auto-purge",
        url=SPAM,
        effect="A message may move to quarantine after it was delivered.",
        service="MDO",
        rank=128,
        cost="Medium",
        impact="High",
        kind="ratio",
        course=((-90, 100.0),),
    ),
    Action(
        "mdo_phisspamacation",
        "Set action to take on phishing detection",
        5,
        why="Phishing belongs in quarantine, not in a folder that people look into.",
        steps=(
            "Open the anti-spam inbound policy of your users.",
            (
                "Under <em>Actions</em>, set <strong>Phishing</strong> to <strong>Quarantine"
                " message</strong>."
            ),
            "Choose a quarantine policy that lets users ask for release.",
        ),
        docs="defender-office-365/anti-spam-policies-configure",
        url=SPAM,
        effect="Users find such mail in quarantine instead of the junk folder.",
        service="MDO",
        rank=128,
        cost="Medium",
        kind="ratio",
    ),
    Action(
        "mdo_highconfidencespamaction",
        "Set action to take on high confidence spam detection",
        5,
        why="What is surely spam need not be looked at.",
        steps=(
            "Open the anti-spam inbound policy of your users.",
            "Set <strong>High confidence spam</strong> to <strong>Quarantine message</strong>.",
        ),
        docs="defender-office-365/recommended-settings-for-eop-and-office365",
        url=SPAM,
        effect="Less in the junk folder.",
        service="MDO",
        rank=128,
        cost="Medium",
        kind="ratio",
        course=((-90, 0.0), (-44, 100.0)),
    ),
    Action(
        "mdo_quarantineretentionperiod",
        "Retain spam in quarantine for 30 days",
        1,
        why="Someone back from holiday should still find what was held.",
        steps=(
            "Open the anti-spam inbound policy of your users.",
            "Set <strong>Retain spam in quarantine for this many days</strong> to 30.",
        ),
        docs="defender-office-365/quarantine-about",
        url=SPAM,
        effect="None.",
        service="MDO",
        rank=128,
        cost="Medium",
        kind="ratio",
        course=((-90, 0.0), (-72, 100.0)),
    ),
    Action(
        "mdo_autoforwardingmode",
        "Set automatic email forwarding rules to be system controlled",
        1,
        why="",
        steps=(
            "Open the anti-spam outbound policy.",
            (
                "Set <strong>Automatic forwarding rules</strong> to <em>Automatic - "
                "System-controlled</em>."
            ),
            "Make a separate policy for the few mailboxes that must forward.",
        ),
        docs="defender-office-365/outbound-spam-policies-external-email-forwarding",
        url=SPAM,
        effect="Forwarding to outside addresses stops and the sender is told.",
        service="MDO",
        rank=128,
        cost="Medium",
        kind="ratio",
        course=((-90, 100.0),),
    ),
    Action(
        "mdo_blockmailforward",
        "Ensure all forms of mail forwarding are blocked and/or disabled",
        5,
        why="An intruder's first step is often a quiet rule that copies all mail outside.",
        raw="<p>Look first, then close:</p><ol><li>List the rules that forward mail outside:"
        " <code>Get-TransportRule | Where-Object {$_.RedirectMessageTo}</code></li><li>Add a mail"
        " flow rule that rejects messages of the type <em>Auto-forward</em> to recipients outside"
        " of <DomainName>.&nbsp;</li><li>Set the remote domain <strong>Default</strong> not to"
        " allow automatic forwarding.</li></ol><p>More in the <a"
        " href='https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/remote-domains'"
        " target='_blank'>page on remote domains</a>.</p>",
        effect="<p>Users who forward to a private mailbox are told that they may not.</p>",
        service="MDO",
        threats=(EXFILTRATION, BREACH),
        kind="ratio",
    ),
    Action(
        "mdo_safedocuments",
        "Turn on Safe Documents for Office Clients",
        5,
        why="Before a file leaves Protected View, it is checked in the cloud.",
        steps=(
            (
                f"In the {DEFENDER}, open <strong>Safe Attachments</strong> and then <em>Global"
                " settings</em>."
            ),
            "Turn on <strong>Safe Documents for Office clients</strong>.",
            "Leave the choice to click through in spite of a warning off.",
        ),
        docs="defender-office-365/safe-documents-in-e5-plus-security-about",
        url=POLICIES,
        effect="Opening a file from outside takes a few seconds longer.",
        service="MDO",
        rank=128,
        cost="Medium",
        impact="High",
        kind="none",
    ),
    Action(
        "exo_mailboxaudit",
        "Ensure mailbox auditing for all users is Enabled",
        3,
        why="<p>After an incident, the first question is who read what.</p>",
        steps=(
            "Connect with <code>Connect-ExchangeOnline</code>.",
            "Run <code>Set-OrganizationConfig -AuditDisabled $false</code>.",
            "Check single mailboxes with <code>Get-MailboxAuditBypassAssociation</code>.",
        ),
        docs="purview/audit-mailboxes",
        impact=None,
        threats=(EXFILTRATION, BREACH),
        kind="plain",
    ),
    Action(
        "exo_mailtipsenabled",
        "Ensure MailTips are enabled for end users",
        3,
        why="A short hint before sending prevents mail to the wrong people.",
        steps=(
            "Connect with <code>Connect-ExchangeOnline</code>.",
            (
                "Run <code>Set-OrganizationConfig -MailTipsAllTipsEnabled $true"
                " -MailTipsExternalRecipientsTipsEnabled $true</code>."
            ),
            "Set <code>-MailTipsLargeAudienceThreshold 25</code>.",
        ),
        docs="exchange/clients-and-mobile-in-exchange-online/mailtips/mailtips",
        effect="Outlook shows a line above the message when it goes to outsiders or to many.",
        threats=(EXFILTRATION, BREACH),
        kind="plain",
        course=((-90, 0.0), (-28, 100.0)),
    ),
    Action(
        "exo_outlookaddins",
        "Ensure users installing Outlook add-ins is not allowed",
        3,
        why="An add-in may read every mail its user opens.",
        steps=(
            "In the <strong>Exchange admin center</strong>, open <em>Roles &gt; User roles</em>.",
            "Edit <em>Default Role Assignment Policy</em>.",
            (
                "Clear <strong>My Custom Apps</strong>, <strong>My Marketplace Apps</strong> and"
                " <strong>My ReadWriteMailbox Apps</strong>."
            ),
            "Deploy the add-ins you trust from the Microsoft 365 admin center.",
        ),
        docs="microsoft-365/admin/manage/manage-addins-in-the-admin-center",
        effect="Users ask for add-ins instead of installing them.",
        threats=(EXFILTRATION, BREACH),
        kind="plain",
    ),
    Action(
        "exo_SPF_records_for_all_domains",
        "Ensure that SPF records are published for all Exchange Domains",
        5,
        why="With SPF, others can tell your servers from someone who borrows your name.",
        steps=(
            "List everything that sends mail in your name, newsletters included.",
            (
                "At your DNS host, add a TXT record to <DomainName>:"
                " <code>v=spf1 include:spf.protection.outlook.com -all</code>."
            ),
            "Repeat for every domain; use <code>v=spf1 -all</code> where no mail is sent.",
        ),
        docs="defender-office-365/email-authentication-spf-configure",
        effect="Mail from forgotten senders may be rejected.",
        impact=None,
        threats=(BREACH, EXFILTRATION),
        kind="plain",
        course=((-90, 100.0),),
    ),
    Action(
        "CustomerLockBoxEnabled",
        "Ensure the customer lockbox feature is enabled",
        1,
        why="A support engineer then needs your approval before seeing your data.",
        steps=(
            (
                "In the Microsoft 365 admin center, open <em>Org settings &gt; Security &amp;"
                " privacy</em>."
            ),
            "Choose <strong>Customer lockbox</strong> and require approval.",
        ),
        docs="purview/customer-lockbox-requests",
        effect="Some support cases wait for your approval.",
        rank=127,
        cost="Moderate",
        impact="Moderate",
        tier="Advanced",
        threats=(EXFILTRATION, DELETION, SPILLAGE),
    ),
)
