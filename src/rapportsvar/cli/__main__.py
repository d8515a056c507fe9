"""``python -m rapportsvar.cli`` is the same as ``rapportsvar``."""

import sys

from rapportsvar.cli.entry import main

sys.exit(main())
