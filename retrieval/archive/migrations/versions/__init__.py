"""One file for each step from release to release. A step is never changed after its release.

To add one: write `NNNN_what_it_does.py` with its `revision`, its `down_revision`, and as `schema_digests` what
`test_migrating` reports, all in double quotes, on the model of the step before; change `schema`; and keep an archive of
the release with `tests.retrieval.archives.make`. Add columns to a table of articles (`checksums.OF_ARTICLES`) within
`checksums.columns_added`: no other step may make the checksums of articles anew.
"""
