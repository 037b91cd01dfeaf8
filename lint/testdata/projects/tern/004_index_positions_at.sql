---- tern: disable-tx ----
create index concurrently positions_at on positions using brin (at);

---- create above / drop below ----

---- tern: disable-tx ----
drop index concurrently positions_at;
