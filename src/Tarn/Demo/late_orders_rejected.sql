-- New lines that are left out.
INSERT INTO iceberg.silver.orders_rejected
SELECT order_id, line_number, problem, raw_date, customer_id, raw_quantity, category, amount
FROM iceberg.silver.orders_checked
WHERE problem IS NOT NULL AND order_id > (SELECT max(order_id) FROM iceberg.silver.orders)
