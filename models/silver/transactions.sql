/*
description: Card payments, typed, one row per transaction_id; of records with the same key the first wins.
materialization: incremental
strategy: append
expectations:
  - name: user_id is positive
    check: user_id > 0
    on_violation: quarantine
  - name: currency has three letters
    check: length(currency) = 3
    on_violation: quarantine
  - name: merchant has a name
    check: merchant <> ''
    on_violation: quarantine
  - name: amount is not negative
    check: amount >= 0
    on_violation: quarantine
*/
SELECT * FROM source('bronze.transactions')
