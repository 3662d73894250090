-- The tables of the first release. A step is never changed after its release.

-- "PQOT"
PRAGMA application_id = 0x50514F54;

CREATE TABLE articles (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    content_hash VARCHAR(64) NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    publisher TEXT,
    authors JSON NOT NULL,
    url TEXT,
    published_at DATETIME,
    added_at DATETIME NOT NULL,
    address TEXT,
    updated_at DATETIME,
    notice VARCHAR(16),
    fetched_at DATETIME,
    gone_at DATETIME,
    title_key TEXT,
    publisher_key TEXT,
    CONSTRAINT uq_articles_content_hash UNIQUE (content_hash)
);
CREATE INDEX ix_articles_address ON articles (address);

CREATE TABLE passages (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    words INTEGER NOT NULL,
    CONSTRAINT ck_passages_span CHECK ("start" >= 0 AND "end" > "start"),
    CONSTRAINT uq_passages_article_id_ordinal UNIQUE (article_id, ordinal),
    CONSTRAINT fk_passages_article_id FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
);

CREATE TABLE revisions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    published_at DATETIME,
    updated_at DATETIME,
    added_at DATETIME NOT NULL,
    replaced_at DATETIME NOT NULL,
    CONSTRAINT fk_revisions_article_id FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_revisions_article_id ON revisions (article_id);

CREATE TABLE edits (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    fields JSON NOT NULL,
    title TEXT,
    publisher TEXT,
    published_at DATETIME,
    url TEXT,
    address TEXT,
    fetched_at DATETIME,
    gone_at DATETIME,
    CONSTRAINT fk_edits_article_id FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_edits_article_id ON edits (article_id);

CREATE TABLE embeddings (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    revision TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    checksum TEXT NOT NULL,
    normalised BOOLEAN NOT NULL,
    passage_prefix TEXT NOT NULL,
    query_prefix TEXT NOT NULL,
    active BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX one_active_embedding ON embeddings (active) WHERE active;

CREATE TABLE vectors (
    passage_id INTEGER NOT NULL,
    embedding_id INTEGER NOT NULL,
    vector BLOB NOT NULL,
    tokens BLOB,
    CONSTRAINT pk_vectors PRIMARY KEY (passage_id, embedding_id),
    CONSTRAINT fk_vectors_passage_id FOREIGN KEY (passage_id) REFERENCES passages (id) ON DELETE CASCADE,
    CONSTRAINT fk_vectors_embedding_id FOREIGN KEY (embedding_id) REFERENCES embeddings (id) ON DELETE CASCADE
);
CREATE INDEX ix_vectors_embedding_id ON vectors (embedding_id);

CREATE TABLE speakers (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT uq_speakers_key UNIQUE ("key")
);

CREATE TABLE quotations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    content_start INTEGER NOT NULL,
    content_end INTEGER NOT NULL,
    context_start INTEGER NOT NULL,
    context_end INTEGER NOT NULL,
    cue_start INTEGER,
    cue_end INTEGER,
    mention_start INTEGER,
    mention_end INTEGER,
    kind VARCHAR(16) NOT NULL,
    attribution VARCHAR(16) NOT NULL,
    confidence FLOAT NOT NULL,
    via_start INTEGER,
    via_end INTEGER,
    CONSTRAINT ck_quotations_content_span CHECK ("content_start" >= 0 AND "content_end" > "content_start"),
    CONSTRAINT ck_quotations_context_span CHECK ("context_start" >= 0 AND "context_end" > "context_start"),
    CONSTRAINT ck_quotations_cue_span CHECK ("cue_start" >= 0 AND "cue_end" > "cue_start"),
    CONSTRAINT ck_quotations_mention_span CHECK ("mention_start" >= 0 AND "mention_end" > "mention_start"),
    CONSTRAINT fk_quotations_article_id FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_quotations_article_id ON quotations (article_id);

CREATE TABLE quotation_speakers (
    quotation_id INTEGER NOT NULL,
    speaker_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    role TEXT,
    rank TEXT,
    name TEXT,
    CONSTRAINT pk_quotation_speakers PRIMARY KEY (quotation_id, speaker_id),
    CONSTRAINT fk_quotation_speakers_quotation_id FOREIGN KEY (quotation_id) REFERENCES quotations (id) ON DELETE CASCADE,
    CONSTRAINT fk_quotation_speakers_speaker_id FOREIGN KEY (speaker_id) REFERENCES speakers (id) ON DELETE CASCADE
);
CREATE INDEX ix_quotation_speakers_speaker_id ON quotation_speakers (speaker_id);

CREATE TABLE visibility (
    article_id INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    added_by INTEGER,
    shown_at DATETIME,
    number INTEGER,
    CONSTRAINT pk_visibility PRIMARY KEY (article_id, collection_id),
    CONSTRAINT fk_visibility_article_id FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_visibility_collection_id ON visibility (collection_id);
CREATE UNIQUE INDEX ix_visibility_collection_id_number ON visibility (collection_id, number);

CREATE TABLE article_numbers (
    collection_id INTEGER NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_article_numbers PRIMARY KEY (collection_id)
);

CREATE TABLE feeds (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL,
    title TEXT,
    etag TEXT,
    modified TEXT,
    due_at DATETIME NOT NULL,
    succeeded_at DATETIME,
    failing_since DATETIME,
    failures INTEGER NOT NULL,
    last_error TEXT,
    stopped_at DATETIME,
    CONSTRAINT uq_feeds_url UNIQUE (url)
);

CREATE TABLE subscriptions (
    feed_id INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    channel_id INTEGER,
    added_by INTEGER,
    added_at DATETIME NOT NULL,
    notified_at DATETIME,
    answered_at DATETIME,
    failing_since DATETIME,
    last_error TEXT,
    stopped_at DATETIME,
    CONSTRAINT pk_subscriptions PRIMARY KEY (feed_id, collection_id),
    CONSTRAINT fk_subscriptions_feed_id FOREIGN KEY (feed_id) REFERENCES feeds (id) ON DELETE CASCADE
);
CREATE INDEX ix_subscriptions_collection_id ON subscriptions (collection_id);

CREATE TABLE feed_entries (
    feed_id INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    "key" VARCHAR(64) NOT NULL,
    version VARCHAR(64) NOT NULL,
    article_id INTEGER,
    attempts INTEGER NOT NULL,
    problem TEXT,
    seen_at DATETIME NOT NULL,
    page_hash VARCHAR(64),
    CONSTRAINT pk_feed_entries PRIMARY KEY (feed_id, collection_id, "key"),
    CONSTRAINT fk_feed_entries_feed_id FOREIGN KEY (feed_id, collection_id) REFERENCES subscriptions (feed_id, collection_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_feed_entries_article_id FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE SET NULL
);
CREATE INDEX ix_feed_entries_article_id ON feed_entries (article_id);

CREATE TABLE overrides (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL,
    kind VARCHAR(16) NOT NULL,
    "key" TEXT NOT NULL,
    name TEXT NOT NULL,
    other_key TEXT,
    other TEXT,
    made_at DATETIME NOT NULL,
    made_by INTEGER,
    undone_at DATETIME
);
CREATE INDEX ix_overrides_collection_id ON overrides (collection_id);

CREATE TABLE override_articles (
    override_id INTEGER NOT NULL,
    mark TEXT NOT NULL,
    CONSTRAINT pk_override_articles PRIMARY KEY (override_id, mark),
    CONSTRAINT fk_override_articles_override_id FOREIGN KEY (override_id) REFERENCES overrides (id) ON DELETE CASCADE
);

CREATE TABLE audit (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL,
    at DATETIME NOT NULL,
    user_id INTEGER,
    action VARCHAR(32) NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX ix_audit_collection_id ON audit (collection_id);

CREATE TABLE attempts (
    "key" VARCHAR(64) NOT NULL,
    tries INTEGER NOT NULL,
    tried_at DATETIME NOT NULL,
    problem TEXT,
    CONSTRAINT pk_attempts PRIMARY KEY ("key")
);

CREATE TABLE changes (
    sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    passage_id INTEGER NOT NULL,
    kind VARCHAR(16) NOT NULL
);

CREATE TABLE checksums (
    part VARCHAR(32) NOT NULL,
    owner INTEGER NOT NULL,
    value INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    CONSTRAINT pk_checksums PRIMARY KEY (part, owner)
) WITHOUT ROWID;

CREATE TABLE bot_state (
    server INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_at DATETIME NOT NULL,
    member INTEGER,
    CONSTRAINT pk_bot_state PRIMARY KEY (server, "key")
);
CREATE INDEX ix_bot_state_member ON bot_state (member);

CREATE VIRTUAL TABLE passage_words USING fts5(words, tokenize = 'unicode61');
CREATE VIRTUAL TABLE passage_words_terms USING fts5vocab(passage_words, 'row');
CREATE VIRTUAL TABLE passage_words_places USING fts5vocab(passage_words, 'instance');
