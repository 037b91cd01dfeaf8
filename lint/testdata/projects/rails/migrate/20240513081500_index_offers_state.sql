CREATE INDEX index_offers_on_state ON offers (state, created_at);
