"""Improvement actions of the category Device, which Defender for Endpoint measures on a fleet."""

from __future__ import annotations

from functools import partial

from scoredesk.sandbox.microsoft.catalogue import DEVICE, Action

INTUNE = "<strong>Microsoft Intune admin center</strong>"
ENDPOINT = "<em>Endpoint security</em>"

# Every device action is measured on the fleet and told by its number.
_device = partial(Action, category=DEVICE, service="MDATP", kind="fleet")

DEVICE_ACTIONS = (
    _device(
        "scid_2000",
        "Turn on Microsoft Defender for Endpoint sensor",
        10,
        rank=99,
        why="A device without the sensor reports nothing, whatever happens on it.",
        steps=(
            (
                "In the Microsoft Defender portal, filter the device inventory by <strong>Can be"
                " onboarded</strong>."
            ),
            (
                f"In the {INTUNE}, create an <em>Endpoint detection and response</em> policy that"
                " onboards the devices."
            ),
            "Restart those that stay inactive and run the client analyzer on them.",
        ),
        docs="defender-endpoint/onboarding",
        course=((-90, 78.0), (-63, 86.0), (-29, 93.0)),
    ),
    _device(
        "scid_2003",
        "Turn on Tamper Protection",
        8,
        rank=0,
        why="Malware likes to switch the antivirus off before it starts.",
        steps=(
            (
                "In the Microsoft Defender portal, open <em>Settings &gt; Endpoints &gt; Advanced"
                " features</em>."
            ),
            "Turn on <strong>Tamper protection</strong> for the whole tenant.",
            "Use troubleshooting mode on single devices where you must change a setting.",
        ),
        docs="defender-endpoint/prevent-changes-to-security-settings-with-tamper-protection",
        course=((-90, 0.0), (-50, 62.0), (-46, 97.0)),
    ),
    _device(
        "scid_2004",
        "Enable EDR in block mode",
        8,
        rank=167,
        why="Defender can stop what another antivirus has missed.",
        steps=(
            "Open <em>Settings &gt; Endpoints &gt; Advanced features</em>.",
            "Turn on <strong>Enable EDR in block mode</strong> and save.",
        ),
        docs="defender-endpoint/edr-in-block-mode",
        course=((-90, 0.0),),
    ),
    _device(
        "scid_2012",
        "Turn on real-time protection",
        10,
        rank=104,
        why="<p>Files are checked when they are opened, not at night.</p>",
        steps=(
            f"In the {INTUNE}, open {ENDPOINT} and then <em>Antivirus</em>.",
            "Set <strong>Allow Realtime Monitoring</strong> to <em>Allowed</em>.",
            "Find devices that disagree with <code>Get-MpComputerStatus</code>.",
        ),
        docs="defender-endpoint/configure-real-time-protection-microsoft-defender-antivirus",
        course=((-90, 97.0),),
    ),
    _device(
        "scid_2013",
        "Turn on PUA protection in block mode",
        9,
        rank=105,
        why="Toolbars and coin miners are not viruses, and nobody wants them.",
        steps=(
            "Set <strong>PUA Protection</strong> to <em>Audit</em> for a week.",
            "Read what would have been blocked in the device timeline.",
            "Set it to <em>On</em>.",
        ),
        docs="defender-endpoint/detect-block-potentially-unwanted-apps-microsoft-defender-antivirus",
        effect="Some free tools are blocked.",
        course=((-90, 34.0), (-40, 71.0)),
    ),
    _device(
        "scid_2016",
        "Enable cloud-delivered protection",
        8,
        rank=0,
        why="New malware is known in the cloud hours before it is in a definition file.",
        steps=(
            f"In the {INTUNE}, open {ENDPOINT} and then <em>Antivirus</em>.",
            "Set <strong>Allow Cloud Protection</strong> to <em>Allowed</em>.",
            "Set the cloud block level to <em>High</em>.",
        ),
        docs="defender-endpoint/enable-cloud-protection-microsoft-defender-antivirus",
        course=((-90, 97.0),),
    ),
    _device(
        "scid_2070",
        "Turn on Microsoft Defender Firewall",
        10,
        rank=117,
        why="A device in a hotel network has no other wall around it.",
        steps=(
            f"In the {INTUNE}, open {ENDPOINT} and then <em>Firewall</em>.",
            "Create a policy that turns the firewall on for all three profiles.",
            "Allow by rule what your applications need to receive.",
        ),
        docs="intune/intune-service/protect/endpoint-security-firewall-policy",
        course=((-90, 88.0), (-57, 95.0)),
    ),
    _device(
        "scid_2073",
        "Secure Microsoft Defender Firewall public profile",
        9,
        rank=120,
        why="In public networks, nothing should be able to call the device.",
        steps=(
            "Open the firewall policy of your devices.",
            (
                "For the public profile, set <strong>Default Inbound Action</strong> to"
                " <em>Block</em>."
            ),
            "Do not let local rules merge for this profile.",
        ),
        docs="windows/security/operating-system-security/network-security/windows-firewall/",
        course=((-90, 41.0), (-24, 66.0)),
    ),
    _device(
        "scid_2080",
        "Turn on Microsoft Defender Credential Guard",
        8,
        rank=122,
        why="Stolen hashes open other machines. Credential Guard keeps them out of reach.",
        steps=(
            "Check that the devices have virtualization and secure boot turned on.",
            f"In the {INTUNE}, create an <em>Account protection</em> policy.",
            "Set <strong>Credential Guard</strong> to <em>Enabled with UEFI lock</em>.",
        ),
        docs="windows/security/identity-protection/credential-guard/configure",
        course=((-90, 22.0), (-35, 38.0)),
    ),
    _device(
        "scid_2090",
        "Encrypt all BitLocker-supported drives",
        9,
        rank=124,
        why="A laptop left in a train should be worth only its metal.",
        steps=(
            f"In the {INTUNE}, open {ENDPOINT} and then <em>Disk encryption</em>.",
            "Create a BitLocker policy that encrypts silently.",
            "Have recovery keys saved to Microsoft Entra ID first.",
            "Follow the encryption report until no device is left.",
        ),
        docs="intune/intune-service/protect/encrypt-devices",
        effect="Encryption runs in the background for some hours.",
        course=((-90, 64.0), (-68, 75.0), (-42, 84.0), (-16, 92.0)),
    ),
    _device(
        "scid_2502",
        "Block Office applications from creating executable content",
        9,
        rank=0,
        why="A document has no reason to write a program.",
        steps=(
            f"In the {INTUNE}, open {ENDPOINT} and then <em>Attack surface reduction</em>.",
            "Set the rule to <em>Audit</em> and collect events for two weeks.",
            "Exclude the few add-ins that need it, and set the rule to <em>Block</em>.",
        ),
        docs="defender-endpoint/attack-surface-reduction-rules-reference",
        course=((-90, 0.0),),
    ),
    _device(
        "scid_25",
        "Enable 'Local Security Authority (LSA) protection'",
        8,
        rank=43,
        why="Only signed code should reach the process that keeps passwords.",
        steps=(
            (
                "Set <code>RunAsPPL</code> under"
                " <code>HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa</code> to 1 by policy."
            ),
            "Restart the devices.",
            "Look for event 3033 and update the drivers that it names.",
        ),
        docs="windows-server/security/credentials-protection-and-management/configuring-additional-"
        "lsa-protection",
        course=((-90, 18.0), (-20, 52.0)),
    ),
    _device(
        "scid_72",
        "Set LAN Manager authentication level to 'Send NTLMv2 response only. Refuse LM & NTLM'",
        8,
        rank=77,
        why="The two older protocols fall to a notebook in minutes.",
        steps=(
            "Audit what still uses NTLMv1 with event 4624.",
            "Set <em>Network security: LAN Manager authentication level</em> by group policy.",
            "Start with clients, then servers, then domain controllers.",
        ),
        docs="windows/security/threat-protection/security-policy-settings/network-security-lan-"
        "manager-authentication-level",
        effect="Very old file servers and scanners can no longer be reached.",
        course=((-90, 55.0), (-45, 82.0)),
    ),
    _device(
        "scid_5011",
        "Enable FileVault Disk Encryption in macOS",
        7,
        rank=187,
        why="Macs travel as much as other laptops.",
        steps=(
            f"In the {INTUNE}, create a <em>Disk encryption</em> policy for macOS.",
            "Let the recovery key be kept by Intune.",
            "Ask users to sign out once, so that encryption starts.",
        ),
        docs="intune/intune-service/protect/encrypt-devices-filevault",
        course=((-90, 90.0), (-33, 97.0)),
    ),
)
