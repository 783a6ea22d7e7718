"""The REST APIs, one module each."""
