-- Why lines were rejected.
SELECT problem, count(*) AS lines FROM iceberg.silver.orders_rejected GROUP BY problem ORDER BY lines DESC, problem
