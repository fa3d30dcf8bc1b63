/*
description: What each merchant sold per month and currency, to how many customers, and how much of it was fraud.
materialization: incremental
strategy: replace_partitions
partition_by: month
key: [month, merchant, currency]
event_time: month
columns:
  month: [DATE NOT NULL, First day of the month.]
  merchant: [STRING NOT NULL, The merchant.]
  currency: [STRING NOT NULL, The currency.]
  payments: [BIGINT NOT NULL, Number of payments.]
  amount: ["DECIMAL(18,4) NOT NULL", Sum of the amounts.]
  customers: [BIGINT NOT NULL, Number of different cardholders.]
  active_days: [BIGINT NOT NULL, Number of days with a payment.]
  fraud_payments: [BIGINT, Number of payments labelled fraudulent; absent when no label is known.]
  fraud_amount: ["DECIMAL(18,4)", Sum of their amounts; absent when no label is known.]
  fraud_share: ["DECIMAL(9,6)", "fraud_payments in payments, rounded half up."]
expectations:
  - name: a share is at most 1
    check: fraud_share BETWEEN 0 AND 1
    on_violation: fail
*/
SELECT
    month, merchant, currency, payments, amount, customers, active_days, fraud_payments, fraud_amount,
    -- Millionths by whole numbers: engines divide decimals each in their own way.
    CAST((millionths - millionths % nullif(2 * payments, 0)) / nullif(2 * payments, 0) AS BIGINT) * CAST(0.000001 AS DECIMAL(7, 6)) AS fraud_share
FROM (
    SELECT *, 2000000 * fraud_payments + payments AS millionths
    FROM (
        SELECT
            month, merchant, currency,
            CAST(sum(payments) AS BIGINT) AS payments,
            sum(amount) AS amount,
            count(DISTINCT user_id) AS customers,
            count(DISTINCT day) AS active_days,
            CAST(sum(fraud_payments) AS BIGINT) AS fraud_payments,
            sum(fraud_amount) AS fraud_amount
        FROM ref('silver.transactions_daily')
        GROUP BY month, merchant, currency
    ) AS sums
) AS shares
