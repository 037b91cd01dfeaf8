alter table refuels alter column litres type numeric(8,3);

---- create above / drop below ----

alter table refuels alter column litres type numeric(6,2);
