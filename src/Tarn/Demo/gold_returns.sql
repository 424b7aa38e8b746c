-- What comes back, by category.
CREATE OR REPLACE TABLE iceberg.gold.returns AS
SELECT
    category,
    count(*) AS lines,
    count(*) FILTER (WHERE status = 'returned') AS returned,
    CAST(100.0 * count(*) FILTER (WHERE status = 'returned') / count(*) AS DECIMAL(5, 2)) AS percent,
    CAST(coalesce(-sum(amount) FILTER (WHERE status = 'returned'), 0) AS DECIMAL(18, 2)) AS refunded
FROM iceberg.silver.orders
WHERE status <> 'cancelled'
GROUP BY category
ORDER BY percent DESC, category
