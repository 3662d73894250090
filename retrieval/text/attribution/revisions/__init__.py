"""What is corrected behind rules and model: labels, clauses, relayed words, titles, disputed words."""
