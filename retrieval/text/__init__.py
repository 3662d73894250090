"""Pure functions over text: cleaning, words, sentences, passages, quotations, names."""
