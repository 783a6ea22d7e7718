"""Who is calling: passwords, OAuth, browser sessions."""
