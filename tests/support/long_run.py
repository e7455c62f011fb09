"""Whether this is the long run of ``make faults``: more faults, more examples, new ones each time."""

import os

LONG = os.environ.get("LIKA_FAULTS") == "long"
