-- Returns by category.
SELECT * FROM iceberg.gold.returns ORDER BY percent DESC, category
