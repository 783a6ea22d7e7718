"""The product's connector app, as if it were installed in the instance."""
