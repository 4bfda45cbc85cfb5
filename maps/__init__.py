"""What people read: the day map, run sheets, labels and the cost report."""
