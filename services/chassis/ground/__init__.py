"""What everything else stands on: settings, time, refusals, log lines, metrics."""
