-- Revenue by category and region.
SELECT
    category,
    sum(revenue) FILTER (WHERE region = 'North') AS north,
    sum(revenue) FILTER (WHERE region = 'South') AS south,
    sum(revenue) FILTER (WHERE region = 'East') AS east,
    sum(revenue) FILTER (WHERE region = 'West') AS west,
    sum(revenue) FILTER (WHERE region = 'Central') AS central,
    sum(revenue) AS revenue
FROM iceberg.gold.sales_by_month
GROUP BY category
ORDER BY revenue DESC
