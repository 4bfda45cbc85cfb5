"""What must travel: returned items and holds become transfers, and transfers a day's shipments."""
