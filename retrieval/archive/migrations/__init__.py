"""How archives of older releases become archives of this one; `sqlite.migrating` runs the steps at each opening."""
