-- migrate:up
create table stock (
  product_id bigint not null references products (id),
  location_id bigint not null references locations (id),
  quantity int not null default 0 check (quantity >= 0),
  primary key (product_id, location_id)
);

create or replace function stock_never_negative() returns trigger as $body$
begin
  if new.quantity < 0 then
    raise exception 'stock of % at % would be %', new.product_id, new.location_id, new.quantity;
  end if;
  return new;
end;
$body$ language plpgsql;

create trigger stock_guard before insert or update on stock
  for each row execute procedure stock_never_negative();

-- migrate:down
drop table stock;
drop function stock_never_negative();
