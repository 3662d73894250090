"""Articles, their passages, pages, versions and edits; and the collections that hold them."""
