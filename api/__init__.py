"""The service: what a circulation system, a browser and a monitor talk to."""
