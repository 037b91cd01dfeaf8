-- migrate:up
CREATE TABLE sensors (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  label text NOT NULL,
  installed_at timestamptz
);

CREATE TABLE readings (
  sensor_id uuid NOT NULL REFERENCES sensors (id),
  taken_at timestamptz NOT NULL,
  celsius real,
  PRIMARY KEY (sensor_id, taken_at)
);

-- migrate:down
DROP TABLE readings;
DROP TABLE sensors;
