-- The peer of `lakelab pipeline run`: what a data engineer would write by hand for DuckDB to do the same work on the same
-- Bronze files, into plain Parquet: typing, quarantine, deduplication and the same Gold, without a log, an increment or a proof.
-- {bronze} is a list of Bronze files, {out} a folder.
CREATE TEMP VIEW received AS
SELECT _batch, _source, _offset, payload,
    json_extract_string(payload, ['$.transaction_id', '$.user_id', '$.amount', '$.currency', '$.merchant', '$.timestamp', '$.location', '$.is_fraud']) AS field
FROM read_parquet({bronze});

CREATE TEMP TABLE typed AS
SELECT
    CAST(TRY_CAST(field[1] AS UUID) AS VARCHAR) AS transaction_id,
    TRY_CAST(field[2] AS BIGINT) AS user_id,
    TRY_CAST(field[3] AS DECIMAL(15, 4)) AS amount,
    field[4] AS currency,
    field[5] AS merchant,
    TRY_CAST(field[6] AS TIMESTAMPTZ) AS timestamp,
    field[7] AS location,
    TRY_CAST(field[8] AS BOOLEAN) AS is_fraud,
    _batch, _source, _offset
FROM received;

COPY (
    SELECT payload, _batch, _source, _offset FROM read_parquet({bronze})
    SEMI JOIN (
        SELECT _batch, _source, _offset FROM typed
        WHERE transaction_id IS NULL OR user_id IS NULL OR amount IS NULL OR amount < 0 OR currency IS NULL OR merchant IS NULL OR timestamp IS NULL OR location IS NULL
    ) AS bad USING (_batch, _source, _offset)
) TO '{out}/quarantine.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (
    SELECT * FROM typed
    WHERE transaction_id IS NOT NULL AND user_id IS NOT NULL AND amount >= 0 AND currency IS NOT NULL AND merchant IS NOT NULL AND timestamp IS NOT NULL AND location IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY transaction_id ORDER BY _batch, _source, _offset) = 1
) TO '{out}/transactions.parquet' (FORMAT parquet, COMPRESSION zstd);

DROP TABLE typed;

CREATE TEMP TABLE rates AS SELECT * FROM (VALUES {rates}) AS rates(currency, usd_rate);

COPY (
    SELECT date_trunc('month', day)::DATE AS month, day, user_id, merchant, currency,
        count(*) AS payments, sum(amount)::DECIMAL(18, 4) AS amount, max(amount) AS largest_amount,
        count(*) FILTER (WHERE is_fraud) AS fraud_payments, coalesce(sum(amount) FILTER (WHERE is_fraud), 0)::DECIMAL(18, 4) AS fraud_amount
    FROM (SELECT make_timestamp(epoch_us(timestamp))::DATE AS day, * FROM '{out}/transactions.parquet')
    GROUP BY ALL
) TO '{out}/daily' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month));

COPY (
    SELECT month, day, user_id, currency, sum(payments)::BIGINT AS payments, sum(amount)::DECIMAL(18, 4) AS amount, max(largest_amount) AS largest_amount, count(*) AS merchants
    FROM read_parquet('{out}/daily/**/*.parquet', hive_partitioning = true)
    GROUP BY ALL
) TO '{out}/daily_spend' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month));

COPY (
    SELECT month, merchant, currency, sum(payments)::BIGINT AS payments, sum(amount)::DECIMAL(18, 4) AS amount,
        count(DISTINCT user_id) AS customers, count(DISTINCT day) AS active_days,
        sum(fraud_payments)::BIGINT AS fraud_payments, sum(fraud_amount)::DECIMAL(18, 4) AS fraud_amount, (sum(fraud_payments) / sum(payments))::DECIMAL(9, 6) AS fraud_share
    FROM read_parquet('{out}/daily/**/*.parquet', hive_partitioning = true)
    GROUP BY ALL
) TO '{out}/merchant_performance' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month));

COPY (
    WITH payments AS (
        SELECT user_id, sum(payments)::BIGINT AS payments, count(DISTINCT day) AS active_days, count(DISTINCT merchant) AS merchants, min(day) AS first_day, max(day) AS last_day
        FROM read_parquet('{out}/daily/**/*.parquet', hive_partitioning = true)
        GROUP BY user_id
    ),
    spending AS (
        SELECT user_id, sum(round(spent * usd_rate, 2)) AS amount_usd
        FROM (SELECT user_id, currency, sum(amount)::DECIMAL(18, 4) AS spent FROM read_parquet('{out}/daily_spend/**/*.parquet', hive_partitioning = true) GROUP BY ALL)
        JOIN rates USING (currency)
        GROUP BY user_id
    )
    FROM payments LEFT JOIN spending USING (user_id)
) TO '{out}/customer_360.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (
    WITH spent AS (
        SELECT user_id, day, sum(payments) AS payments, sum(round(amount * coalesce(usd_rate, 0::DECIMAL(12, 6)), 2)) AS amount_usd
        FROM read_parquet('{out}/daily_spend/**/*.parquet', hive_partitioning = true) LEFT JOIN rates USING (currency)
        GROUP BY user_id, day
    ),
    recent AS (
        SELECT user_id, day, sum(payments) OVER days AS payments_30d, sum(amount_usd) OVER days AS amount_usd_30d
        FROM spent
        WINDOW days AS (PARTITION BY user_id ORDER BY day RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING)
    ),
    sequences AS (
        SELECT *,
            second - lag(second, 1) OVER card AS since_previous, second - lag(second, 3) OVER card AS since_third,
            lag(country, 1) OVER card AS previous_country, second - lag(second, 10) OVER shop AS since_tenth
        FROM (
            SELECT *, make_timestamp(epoch_us(timestamp))::DATE AS day, epoch_us(timestamp) // 1000000 AS second, right(location, 2) AS country
            FROM '{out}/transactions.parquet'
        )
        WINDOW card AS (PARTITION BY user_id ORDER BY timestamp, transaction_id), shop AS (PARTITION BY merchant ORDER BY timestamp, transaction_id)
    )
    SELECT date_trunc('month', sequences.day)::DATE AS month, transaction_id, sequences.user_id, timestamp, merchant,
        round(amount * usd_rate, 2)::DECIMAL(18, 2) AS amount_usd,
        location LIKE 'Online, %' AS is_remote,
        CASE WHEN since_previous <= 2592000 THEN country <> previous_country END AS country_changed,
        CASE WHEN since_previous <= 2592000 THEN since_previous END AS seconds_since_previous,
        CASE WHEN since_third <= 2592000 THEN since_third END AS seconds_since_third,
        coalesce(payments_30d, 0)::BIGINT AS payments_30d, coalesce(amount_usd_30d, 0)::DECIMAL(18, 2) AS amount_usd_30d,
        CASE WHEN since_tenth <= 2592000 THEN since_tenth END AS merchant_seconds_since_tenth,
        is_fraud
    FROM sequences LEFT JOIN recent USING (user_id, day) LEFT JOIN rates USING (currency)
) TO '{out}/fraud_features' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month));
