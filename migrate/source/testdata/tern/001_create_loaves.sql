create table loaves (
  id serial primary key,
  flour text not null,
  baked_at timestamptz not null default now()
);

---- create above / drop below ----

drop table loaves;
