"""Views: tables that say of each subject what its facts come to, kept and rebuilt from the log."""
