-- Sound order lines, each once.
CREATE OR REPLACE TABLE iceberg.silver.orders
WITH (partitioning = ARRAY['month(order_date)'])
AS
SELECT DISTINCT ON (order_id, line_number) * EXCLUDE (problem, raw_date, raw_quantity)
FROM iceberg.silver.orders_checked
WHERE problem IS NULL
