"""For how much: rates, the cost of what was driven, emissions, and each municipality's share."""
