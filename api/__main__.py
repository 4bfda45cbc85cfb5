"""Serve with the settings of the environment: ``python -m api``."""

import sys

from api.server import serve
from api.settings import read_settings
from logistics.errors import LogisticsError

if __name__ == "__main__":
    try:
        serve(read_settings())
    except LogisticsError as error:
        print("\n".join(error.problems), file=sys.stderr)  # noqa: T201  # a command's last word
        sys.exit(error.exit_code)
