-- migrate:up
create table locations (
  id bigserial primary key,
  code text not null unique,
  zone text not null default 'A'
);
comment on table locations is 'Shelves, racks and the floor; see the plan in the office';

-- migrate:down
drop table locations;
