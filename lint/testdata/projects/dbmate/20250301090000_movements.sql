-- migrate:up
create table movements (
  id bigint generated always as identity,
  product_id bigint not null,
  from_location bigint references locations (id),
  to_location bigint references locations (id),
  quantity int not null,
  moved_at timestamptz not null default now(),
  primary key (id, moved_at)
) partition by range (moved_at);

create table movements_2025 partition of movements for values from ('2025-01-01') to ('2026-01-01');
create table movements_2026 partition of movements for values from ('2026-01-01') to ('2027-01-01');

-- migrate:down
drop table movements;
