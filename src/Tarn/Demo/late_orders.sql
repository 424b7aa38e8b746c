-- New sound lines, each once.
INSERT INTO iceberg.silver.orders BY NAME
SELECT DISTINCT ON (order_id, line_number) * EXCLUDE (problem, raw_date, raw_quantity)
FROM iceberg.silver.orders_checked
WHERE problem IS NULL AND order_id > (SELECT max(order_id) FROM iceberg.silver.orders)
