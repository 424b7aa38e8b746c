-- The customers that bring most, with their share of everything.
CREATE OR REPLACE TABLE iceberg.gold.top_customers AS
SELECT
    customer_id,
    any_value(region) AS region,
    count(DISTINCT order_id) AS orders,
    CAST(sum(amount) AS DECIMAL(18, 2)) AS revenue,
    CAST(100.0 * sum(amount) / (SELECT sum(amount) FROM iceberg.silver.orders WHERE status <> 'cancelled') AS DECIMAL(6, 3)) AS percent
FROM iceberg.silver.orders
WHERE status <> 'cancelled'
GROUP BY customer_id
ORDER BY revenue DESC, customer_id
LIMIT 100
