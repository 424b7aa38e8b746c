-- Every raw line is either in silver, rejected, or a repetition.
SELECT
    (SELECT count(*) FROM iceberg.bronze.orders) AS raw,
    (SELECT count(*) FROM iceberg.silver.orders) AS sound,
    (SELECT count(*) FROM iceberg.silver.orders_rejected) AS rejected
