"""What people see of one planned day, as plain records free of language and markup."""
