"""The network: brought in, looked at, changed on a copy first, then kept."""
