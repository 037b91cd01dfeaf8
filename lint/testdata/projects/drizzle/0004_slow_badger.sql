CREATE INDEX "subscribers_confirmed_idx" ON "subscribers" USING btree ("confirmed_at");
