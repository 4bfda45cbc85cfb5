"""``python -m logistics.cli``: the command where no script is installed."""

import sys

from logistics.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
