/*
description: Payments per day and currency.
materialization: incremental
strategy: replace_partitions
partition_by: month
key: [day, currency]
event_time: day
columns:
  month: [DATE NOT NULL, First day of the month.]
  day: [DATE NOT NULL, Day in UTC.]
  currency: [STRING NOT NULL, The currency.]
  payments: [BIGINT NOT NULL, Number of payments.]
  customers: [BIGINT NOT NULL, Number of different cardholders.]
  amount: ["DECIMAL(18,4) NOT NULL", Sum of the amounts.]
expectations:
  - name: a day has a payment
    check: payments > 0
    on_violation: fail
*/
SELECT
    month, day, currency,
    sum(payments) AS payments,
    count(DISTINCT user_id) AS customers,
    sum(amount) AS amount
FROM ref('silver.transactions_daily')
GROUP BY month, day, currency
