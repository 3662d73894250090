"""How archives of older releases become archives of this one; run by `migrating` whenever an archive is opened."""
