-- sound lines, each once; lines that stand only once, nearly all, need not be compared as a whole
CREATE OR REPLACE TABLE iceberg.silver.orders
WITH (partitioning = ARRAY['month(order_date)'])
AS
WITH sound AS (
    SELECT * EXCLUDE (problem, raw_date, raw_quantity) FROM iceberg.silver.orders_checked WHERE problem IS NULL
),
repeated AS (
    SELECT order_id, line_number FROM sound GROUP BY ALL HAVING count(*) > 1
)
SELECT * FROM sound ANTI JOIN repeated USING (order_id, line_number)
UNION ALL
SELECT DISTINCT ON (order_id, line_number) * FROM sound SEMI JOIN repeated USING (order_id, line_number)
