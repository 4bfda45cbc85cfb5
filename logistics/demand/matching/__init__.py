"""Which copy goes to which reader, and which books need not travel at all."""
