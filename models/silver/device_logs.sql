/*
description: Sessions of devices, typed, one row per log_id; of records with the same key the first wins.
materialization: incremental
strategy: append
expectations:
  - name: user_id is positive
    check: user_id > 0
    on_violation: quarantine
  - name: logout is not before login
    check: logout_timestamp >= login_timestamp
    on_violation: quarantine
*/
SELECT * FROM source('bronze.device_logs')
