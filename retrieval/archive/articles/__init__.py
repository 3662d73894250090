"""Articles: adding, listing, editing, versions, visibility, removal."""
