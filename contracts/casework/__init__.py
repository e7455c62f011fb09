"""Facts of what every office does, the same in every service's log."""
