"""What was booked: cost reports over days, months and years, and who pays what."""
