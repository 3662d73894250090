"""One file for each step from release to release. A step is never changed after its release.

To add one: write `NNNN_what_it_does.py` with its `revision`, its `down_revision`, and as `schema_digests` what
`test_migrating` reports; change `schema`; and keep an archive of the release with `tests.retrieval.archives.make`.
"""
