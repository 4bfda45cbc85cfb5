"""Where everything is: branches, vehicles, roads, travel times, opening hours and the calendar."""
