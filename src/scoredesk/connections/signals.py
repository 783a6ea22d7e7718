"""What this room tells the rooms above, which it must not know.

`free_to_work`: calls to the instance of `connection` may be made again: it was repaired, or it
answered after failures, or a person asked to try. `cured`: what waited for that may go at once;
otherwise only the pause of the connection ended. Sent inside the transaction of the change.
"""

from django.dispatch import Signal

free_to_work = Signal()
