"""Floor 0: the root of all errors, the one builder of HTTP clients, addresses, secrets, the clock.

Imports nothing of ours and no Django. Import the modules by name; there is no single door.
"""
