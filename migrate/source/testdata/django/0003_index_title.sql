--
-- Concurrently create index recipe_title on field(s) title of model recipe
--
CREATE INDEX CONCURRENTLY "recipe_title" ON "kitchen_recipe" ("title");
