/*
description: Sessions of devices, typed, one row per log_id; of records with the same key the first wins.
materialization: incremental
strategy: append
key: [log_id]
event_time: login_timestamp
columns:
  log_id: [STRING NOT NULL, The session.]
  user_id: [BIGINT NOT NULL, The person whose account was used.]
  device_id: [STRING NOT NULL, The device.]
  device_type: [STRING NOT NULL, "mobile, desktop or tablet."]
  os: [STRING NOT NULL, Operating system.]
  ip_address: [STRING NOT NULL, IPv4 or IPv6 address.]
  location: [STRING NOT NULL, "City, CC of the login."]
  user_agent: [STRING NOT NULL, User agent of the browser or app.]
  login_timestamp: [TIMESTAMP NOT NULL, When the session began.]
  logout_timestamp: [TIMESTAMP, When it ended; absent when it was left open.]
  _batch: [BIGINT NOT NULL, Batch in which Bronze received the record.]
  _source: [STRING NOT NULL, Object or topic partition that held the record.]
  _offset: [BIGINT NOT NULL, Line or offset of the record in its source.]
  _ingested_at: [TIMESTAMP NOT NULL, When Bronze received the record.]
expectations:
  - name: user_id is positive
    check: user_id > 0
    on_violation: quarantine
  - name: logout is not before login
    check: logout_timestamp >= login_timestamp
    on_violation: quarantine
*/
SELECT
    log_id, user_id, device_id, device_type, os, ip_address, location, user_agent, login_timestamp, logout_timestamp,
    _batch, _source, _offset, _ingested_at
FROM source('bronze.device_logs')
