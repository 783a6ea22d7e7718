"""A tenant's link to a ServiceNow instance: set up, authorize, check, remove."""
