/*
description: Every version of every profile; a version is valid until the next one of the same person.
materialization: incremental
strategy: append
key: [user_id, valid_from]
columns:
  user_id: [BIGINT NOT NULL, The person.]
  name: [STRING NOT NULL, Full name.]
  email: [STRING NOT NULL, E-mail address.]
  phone: [STRING NOT NULL, Phone number in E.164.]
  date_of_birth: [DATE NOT NULL, Date of birth.]
  address: [STRING NOT NULL, "Street, postal code and city."]
  country: [STRING NOT NULL, Country of residence (ISO 3166-1 alpha-2).]
  signup_date: [TIMESTAMP NOT NULL, When the person became a customer.]
  credit_score: ["DECIMAL(5,1) NOT NULL", Credit score.]
  risk_level: [STRING NOT NULL, "Rated risk: low, medium or high."]
  updated_at: [TIMESTAMP, When this version became valid; absent from a person's first record.]
  valid_from: [TIMESTAMP NOT NULL, "updated_at, or signup_date in a person's first record."]
  _batch: [BIGINT NOT NULL, Batch in which Bronze received the record.]
  _source: [STRING NOT NULL, Object or topic partition that held the record.]
  _offset: [BIGINT NOT NULL, Line or offset of the record in its source.]
  _ingested_at: [TIMESTAMP NOT NULL, When Bronze received the record.]
expectations:
  - name: user_id is positive
    check: user_id > 0
    on_violation: quarantine
  - name: valid from signup on
    check: valid_from >= signup_date
    on_violation: quarantine
*/
SELECT
    user_id, name, email, phone, date_of_birth, address, country, signup_date, credit_score, risk_level, updated_at, valid_from,
    _batch, _source, _offset, _ingested_at
FROM source('bronze.user_profiles')
