"""`python -m vc_core.cli`: the command line where the script `vc-core` is not installed."""

import sys

from vc_core.cli import main

sys.exit(main())
