/*
description: What each person spent per day and currency.
materialization: incremental
strategy: replace_partitions
partition_by: month
key: [day, user_id, currency]
event_time: day
columns:
  month: [DATE NOT NULL, First day of the month.]
  day: [DATE NOT NULL, Day in UTC.]
  user_id: [BIGINT NOT NULL, The cardholder.]
  currency: [STRING NOT NULL, The currency.]
  payments: [BIGINT NOT NULL, Number of payments.]
  amount: ["DECIMAL(18,4) NOT NULL", Sum of the amounts.]
  largest_amount: ["DECIMAL(15,4) NOT NULL", The largest amount.]
  merchants: [BIGINT NOT NULL, Number of different merchants.]
expectations:
  - name: a day with spending has a payment
    check: payments > 0
    on_violation: fail
*/
SELECT
    month, day, user_id, currency,
    sum(payments) AS payments,
    sum(amount) AS amount,
    max(largest_amount) AS largest_amount,
    count(*) AS merchants
FROM ref('silver.transactions_daily')
GROUP BY month, day, user_id, currency
