/*
description: Every version of every profile; a version is valid until the next one of the same person.
materialization: incremental
strategy: append
expectations:
  - name: user_id is positive
    check: user_id > 0
    on_violation: quarantine
  - name: valid from signup on
    check: valid_from >= signup_date
    on_violation: quarantine
*/
SELECT * FROM source('bronze.user_profiles')
