"""Names of people: parts, titles, ranks, roles, matching."""
