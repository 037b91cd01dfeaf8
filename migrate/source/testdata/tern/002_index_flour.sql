---- tern: disable-tx ----
create index concurrently loaves_flour on loaves (flour);

---- create above / drop below ----

---- tern: disable-tx ----
drop index concurrently loaves_flour;
