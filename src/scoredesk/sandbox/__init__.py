"""A stand-in ServiceNow instance and a stand-in Microsoft Graph, over real HTTP.

The sandbox is the other side of the wire: it imports nothing else of this product.
"""
