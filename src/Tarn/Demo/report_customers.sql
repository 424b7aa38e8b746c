-- The five best customers.
SELECT * FROM iceberg.gold.top_customers ORDER BY revenue DESC, customer_id LIMIT 5
