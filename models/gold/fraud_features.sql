/*
description: What was known about each payment at its moment, to learn fraud from. No feature sees the payment's future, none is made from labels.
materialization: incremental
strategy: replace_partitions
partition_by: month
key: [transaction_id]
event_time: timestamp
reach: 30
columns:
  month: [DATE NOT NULL, First day of the month.]
  transaction_id: [STRING NOT NULL, The payment.]
  user_id: [BIGINT NOT NULL, The cardholder.]
  timestamp: [TIMESTAMP NOT NULL, When the card was charged.]
  merchant: [STRING NOT NULL, The merchant.]
  amount_usd: ["DECIMAL(18,2)", Amount in US dollars by reference.fx_rates; absent for a currency without a rate.]
  is_remote: [BOOLEAN NOT NULL, Whether nobody stood in a shop.]
  country_changed: [BOOLEAN, Whether the merchant's country differs from that of the card's payment before; absent when there is none within 30 days.]
  seconds_since_previous: [BIGINT, Seconds since the card's payment before; absent beyond 30 days.]
  seconds_since_third: [BIGINT, Seconds since the third payment of the card before this one; absent beyond 30 days.]
  payments_30d: [BIGINT NOT NULL, "The card's payments in the 30 days before this day, without this day."]
  amount_usd_30d: ["DECIMAL(18,2) NOT NULL", Their sum in US dollars.]
  merchant_seconds_since_tenth: [BIGINT, Seconds since the tenth payment at the merchant before this one; absent beyond 30 days.]
  is_fraud: [BOOLEAN, The target; absent when no label is known.]
*/
WITH spent AS (
    SELECT user_id, day, sum(payments) AS payments, sum(round(CAST(amount AS DECIMAL(25, 4)) * coalesce(usd_rate, CAST(0 AS DECIMAL(12, 6))), 2)) AS amount_usd
    FROM ref('gold.daily_spend') AS spending
    LEFT JOIN ref('reference.fx_rates') AS rates ON rates.currency = spending.currency
    GROUP BY user_id, day
),
recent AS (
    SELECT
        user_id, day,
        sum(payments) OVER days AS payments_30d,
        sum(amount_usd) OVER days AS amount_usd_30d
    FROM spent
    WINDOW days AS (PARTITION BY user_id ORDER BY unix_date(day) RANGE BETWEEN 30 PRECEDING AND 1 PRECEDING)
),
payments AS (
    SELECT
        transaction_id, user_id, timestamp, amount, currency, merchant, is_fraud,
        to_date(timestamp) AS day,
        unix_seconds(timestamp) AS second,
        location LIKE 'Online, %' AS is_remote,
        right(location, 2) AS country
    FROM ref('silver.transactions')
),
sequences AS (
    SELECT
        *,
        second - lag(second, 1) OVER card AS since_previous,
        second - lag(second, 3) OVER card AS since_third,
        lag(country, 1) OVER card AS previous_country,
        second - lag(second, 10) OVER shop AS since_tenth
    FROM payments
    WINDOW
        card AS (PARTITION BY user_id ORDER BY timestamp, transaction_id),
        shop AS (PARTITION BY merchant ORDER BY timestamp, transaction_id)
)
SELECT
    CAST(date_trunc('MONTH', sequences.day) AS DATE) AS month,
    transaction_id, sequences.user_id, timestamp, merchant,
    round(CAST(amount AS DECIMAL(25, 4)) * usd_rate, 2) AS amount_usd,
    is_remote,
    CASE WHEN since_previous <= 2592000 THEN country <> previous_country END AS country_changed,
    CASE WHEN since_previous <= 2592000 THEN since_previous END AS seconds_since_previous,
    CASE WHEN since_third <= 2592000 THEN since_third END AS seconds_since_third,
    coalesce(payments_30d, 0) AS payments_30d,
    coalesce(amount_usd_30d, CAST(0 AS DECIMAL(18, 2))) AS amount_usd_30d,
    CASE WHEN since_tenth <= 2592000 THEN since_tenth END AS merchant_seconds_since_tenth,
    is_fraud
FROM sequences
LEFT JOIN recent ON recent.user_id = sequences.user_id AND recent.day = sequences.day
LEFT JOIN ref('reference.fx_rates') AS rates ON rates.currency = sequences.currency
