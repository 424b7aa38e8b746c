-- The table now and as it was at the tag, side by side.
SELECT 'year-end' AS state, count(*) AS rows, max(order_date) AS last_day, sum(amount) AS amount
FROM iceberg.silver.orders FOR VERSION AS OF 'year-end'
UNION ALL
SELECT 'now', count(*), max(order_date), sum(amount)
FROM iceberg.silver.orders
