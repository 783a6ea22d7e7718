"""The embedded PostgreSQL: started on demand from a wheel, private, stopped after its last user.

cluster = Cluster(Path("var/postgres"))
cluster.url              # known without starting anything
cluster.acquire()        # runs from here on, for as long as this process lives
"""

from scoredesk.postgres.cluster import Cluster, Lease
from scoredesk.postgres.errors import PostgresError

__all__ = ["Cluster", "Lease", "PostgresError"]
