CREATE TABLE watches (
  id bigserial PRIMARY KEY,
  offer_id bigint NOT NULL REFERENCES offers (id),
  email citext NOT NULL,
  created_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX index_watches_on_offer_id_and_email ON watches (offer_id, email);
