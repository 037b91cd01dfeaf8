-- migrate:up
alter table locations drop column zone;

-- migrate:down
alter table locations add column zone text not null default 'A';
