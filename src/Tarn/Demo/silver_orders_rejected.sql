-- What was left out, and why.
CREATE OR REPLACE TABLE iceberg.silver.orders_rejected AS
SELECT order_id, line_number, problem, raw_date, customer_id, raw_quantity, category, amount
FROM iceberg.silver.orders_checked
WHERE problem IS NOT NULL
