"""An archive of each release, as it was left, and what makes one."""
