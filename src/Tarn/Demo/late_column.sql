-- The new column. Old files stay as they are: their rows have NULL in it.
ALTER TABLE iceberg.silver.orders ADD COLUMN loyalty_tier VARCHAR
