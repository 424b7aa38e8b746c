-- raw lines, typed, with what is wrong with each
CREATE OR REPLACE VIEW iceberg.silver.orders_checked AS
SELECT
    * REPLACE (
        CAST(line_number AS INTEGER) AS line_number,
        TRY_CAST(order_date AS DATE) AS order_date,
        upper(left(trim(region), 1)) || lower(substr(trim(region), 2)) AS region,
        TRY_CAST(quantity AS INTEGER) AS quantity,
        CAST(unit_price AS DECIMAL(10, 2)) AS unit_price,
        CAST(discount AS DECIMAL(4, 2)) AS discount,
        CAST(amount AS DECIMAL(12, 2)) AS amount
    ),
    CASE
        WHEN TRY_CAST(order_date AS DATE) IS NULL THEN 'not a date'
        WHEN customer_id IS NULL THEN 'no customer'
        WHEN TRY_CAST(quantity AS INTEGER) IS NULL THEN 'quantity is not a number'
        WHEN category IS NULL OR category NOT IN ('Electronics', 'Clothing', 'Home & Garden', 'Sports', 'Toys', 'Books', 'Beauty', 'Groceries')
            THEN 'unknown category'
    END AS problem,
    CAST(order_date AS VARCHAR) AS raw_date,
    CAST(quantity AS VARCHAR) AS raw_quantity
FROM iceberg.bronze.orders
