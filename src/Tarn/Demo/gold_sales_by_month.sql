-- Consolidated sales by month, region and category. Returned lines count negative, cancelled ones not at all.
CREATE OR REPLACE TABLE iceberg.gold.sales_by_month AS
SELECT
    CAST(date_trunc('month', order_date) AS DATE) AS month,
    region,
    category,
    count(DISTINCT order_id) AS orders,
    CAST(sum(quantity) AS BIGINT) AS pieces,
    CAST(sum(amount) AS DECIMAL(18, 2)) AS revenue
FROM iceberg.silver.orders
WHERE status <> 'cancelled'
GROUP BY ALL
ORDER BY month, region, category
