"""Switches of the connector app and of another app's scripts (servicenow-api 1.12 A, 9.13)."""

from scoredesk.sandbox.switches import Switch

APP_SWITCHES = {
    "app_duplicates": Switch(0, "how many times more each notification is sent"),
    "app_missing": Switch(0, "each so-many-th notification is never sent; 0: none is missing"),
    "app_reorder": Switch(False, "notifications of half a second are sent the newest first"),
    "app_any_host": Switch(False, "the hook may be on another machine than this one"),
    "cross_scope": Switch(
        "no",
        "the scripted endpoints of x_mioms_m365ticket: not there, or refused access to "
        "oauth_entity in one of the platform's wordings",
        ("no", "not_granted", "policy", "privilege", "denied", "decrypted"),
    ),
    "cross_scope_status": Switch("403", "the status of that refusal", ("403", "500")),
}
