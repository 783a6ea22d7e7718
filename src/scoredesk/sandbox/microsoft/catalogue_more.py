"""Improvement actions that fill a catalogue up to the size of a large tenant's.

A tenant with many connected applications has an action for each of them, under an id that begins
with the number of the application's instance, and under a title that says not which one it is
(graph-secure-score 2.4). None of them takes part in the score.
"""

from __future__ import annotations

from scoredesk.sandbox.microsoft.catalogue import BREACH, Action

APPLICATIONS = ("Atlassian", "DocuSign", "Dropbox", "GitHub", "Google", "Okta", "SNOW", "Zendesk")
FIRST_INSTANCE = 12001
TOPICS = (
    ("EnableTwoFactorAuth", "Enable multi-factor authentication (MFA)", "second factor"),
    ("SessionTimeout", "Ensure sessions time out when nobody uses them", "session timeout"),
    ("SingleSignOn", "Enforce single sign-on (SSO)", "single sign-on"),
)


def further_actions(count: int) -> list[Action]:
    """The first `count` of an endless row of such actions, the same every time."""
    return [_action(number) for number in range(max(0, count))]


def _action(number: int) -> Action:
    application = APPLICATIONS[number % len(APPLICATIONS)]
    name, title, setting = TOPICS[number // len(APPLICATIONS) % len(TOPICS)]
    return Action(
        f"{FIRST_INSTANCE + number}.MDA_{application}_{name}",
        title,
        1 + number % 5,
        why="",
        steps=(
            f"Open the security settings of this {application} instance as its administrator.",
            f"Switch the {setting} on for everybody, and save.",
        ),
        docs="defender-cloud-apps/protect-connected-apps",
        service=f"MDA_{application}",
        rank=(10, 65, 128)[number % 3],
        threats=(BREACH,),
        kind="none",
    )
