/*
description: Payments of a person at a merchant on a day in a currency; what daily and monthly questions are answered from.
materialization: incremental
strategy: replace_partitions
partition_by: month
key: [day, user_id, merchant, currency]
event_time: day
columns:
  month: [DATE NOT NULL, First day of the month.]
  day: [DATE NOT NULL, Day in UTC.]
  user_id: [BIGINT NOT NULL, The cardholder.]
  merchant: [STRING NOT NULL, The merchant.]
  currency: [STRING NOT NULL, The currency.]
  payments: [BIGINT NOT NULL, Number of payments.]
  amount: ["DECIMAL(18,4) NOT NULL", Sum of the amounts.]
  largest_amount: ["DECIMAL(15,4) NOT NULL", The largest amount.]
  fraud_payments: [BIGINT, Number of payments labelled fraudulent; absent when no label is known.]
  fraud_amount: ["DECIMAL(18,4)", Sum of their amounts; absent when no label is known.]
*/
SELECT
    CAST(date_trunc('MONTH', day) AS DATE) AS month,
    day, user_id, merchant, currency,
    count(*) AS payments,
    sum(amount) AS amount,
    max(amount) AS largest_amount,
    sum(CASE WHEN is_fraud THEN 1 WHEN NOT is_fraud THEN 0 END) AS fraud_payments,
    sum(CASE WHEN is_fraud THEN amount WHEN NOT is_fraud THEN CAST(0 AS DECIMAL(15,4)) END) AS fraud_amount
FROM (
    SELECT to_date(timestamp) AS day, user_id, merchant, currency, amount, is_fraud
    FROM ref('silver.transactions')
) AS payments
GROUP BY day, user_id, merchant, currency
