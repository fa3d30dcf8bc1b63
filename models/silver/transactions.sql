/*
description: Card payments, typed, one row per transaction_id; of records with the same key the first wins.
materialization: incremental
strategy: append
key: [transaction_id]
event_time: timestamp
columns:
  transaction_id: [STRING NOT NULL, The payment.]
  user_id: [BIGINT NOT NULL, The cardholder.]
  amount: ["DECIMAL(15,4) NOT NULL", Amount paid in the currency.]
  currency: [STRING NOT NULL, Currency of the merchant's country (ISO 4217).]
  merchant: [STRING NOT NULL, Name of the merchant.]
  timestamp: [TIMESTAMP NOT NULL, When the card was charged.]
  location: [STRING NOT NULL, "City, CC of the shop, or Online, CC for a remote purchase."]
  is_fraud: [BOOLEAN, Whether the payment is fraudulent; absent when the source carries no labels.]
  _batch: [BIGINT NOT NULL, Batch in which Bronze received the record.]
  _source: [STRING NOT NULL, Object or topic partition that held the record.]
  _offset: [BIGINT NOT NULL, Line or offset of the record in its source.]
  _ingested_at: [TIMESTAMP NOT NULL, When Bronze received the record.]
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
SELECT
    transaction_id, user_id, amount, currency, merchant, timestamp, location, is_fraud,
    _batch, _source, _offset, _ingested_at
FROM source('bronze.transactions')
