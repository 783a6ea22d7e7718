"""Microsoft's short names of services, as they are written in its own portals."""

from __future__ import annotations

# The short names were counted in captures (graph-secure-score 2.4). They are names: no translation.
PRODUCTS: dict[str, str] = {
    "AATP": "Microsoft Defender for Identity",
    "AD": "Microsoft Entra ID",
    "Admincenter": "Microsoft 365 admin center",
    "AppG": "App governance",
    "Azure ATP": "Microsoft Defender for Identity",
    "AzureAD": "Microsoft Entra ID",
    "EXO": "Exchange Online",
    "FORMS": "Microsoft Forms",
    "Intune": "Microsoft Intune",
    "MCAS": "Microsoft Defender for Cloud Apps",
    "MDA_Atlassian": "Atlassian",
    "MDA_CitrixSF": "Citrix ShareFile",
    "MDA_DocuSign": "DocuSign",
    "MDA_Dropbox": "Dropbox",
    "MDA_GitHub": "GitHub",
    "MDA_Google": "Google Workspace",
    "MDA_NetDocuments": "NetDocuments",
    "MDA_Okta": "Okta",
    "MDA_SF": "Salesforce",
    "MDA_SNOW": "ServiceNow",
    "MDA_Workplace": "Workplace",
    "MDA_Zendesk": "Zendesk",
    "MDA_Zoom": "Zoom",
    "MDATP": "Microsoft Defender for Endpoint",
    "MDO": "Microsoft Defender for Office 365",
    "MIP": "Microsoft Purview Information Protection",
    "SPO": "SharePoint Online",
    "TEAMS": "Microsoft Teams",
    "Teams": "Microsoft Teams",
}


def product_name(service: str) -> str:
    """The product behind a service's short name; a name that is not known stays as it is."""
    return PRODUCTS.get(service, service)


def services_called(word: str) -> list[str]:
    """The short names of all products whose name contains `word`, in any case."""
    lower = word.lower()
    return [service for service, product in PRODUCTS.items() if lower in product.lower()]
