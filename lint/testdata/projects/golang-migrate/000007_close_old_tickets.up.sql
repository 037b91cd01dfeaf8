UPDATE tickets SET status = 'solved', closed_at = NOW() WHERE status = 'pending' AND opened_at < '2024-01-01';
