"""``python -m logistics.cli``: the command where no script is installed."""

from logistics.cli.app import run

if __name__ == "__main__":
    run()
