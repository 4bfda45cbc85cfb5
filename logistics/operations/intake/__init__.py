"""What comes in: transfers, returned items, holds, files of other systems; none lost or doubled."""
