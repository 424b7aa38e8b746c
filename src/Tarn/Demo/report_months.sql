-- Revenue by month, for the chart.
SELECT strftime(month, '%Y-%m') AS month, sum(revenue) AS revenue FROM iceberg.gold.sales_by_month GROUP BY month ORDER BY month
