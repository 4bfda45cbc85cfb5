"""Which branches on which weekdays with which van: decided, bounded, and regular for staff."""
