"""Facts about what every office does, whatever the matter. They are the same in every log."""
