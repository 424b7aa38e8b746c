-- old files stay as they are: NULL in their rows
ALTER TABLE iceberg.silver.orders ADD COLUMN loyalty_tier VARCHAR
