"""Evidence of a connection: `facts` says what it can be, the other files go and look.

Looking never raises what an instance can cause: a look that fails is evidence too.
"""
