/*
description: How each person used each device in a month.
materialization: incremental
strategy: replace_partitions
partition_by: month
key: [month, user_id, device_id]
event_time: month
columns:
  month: [DATE NOT NULL, First day of the month of the logins.]
  user_id: [BIGINT NOT NULL, The person whose account was used.]
  device_id: [STRING NOT NULL, The device.]
  device_type: [STRING NOT NULL, "mobile, desktop or tablet."]
  os: [STRING NOT NULL, Operating system.]
  logins: [BIGINT NOT NULL, Number of sessions.]
  open_sessions: [BIGINT NOT NULL, Number of sessions without a logout.]
  places: [BIGINT NOT NULL, Number of different locations.]
  first_login: [TIMESTAMP NOT NULL, The first login of the month.]
  last_login: [TIMESTAMP NOT NULL, The last login of the month.]
*/
SELECT
    month, user_id, device_id,
    min(device_type) AS device_type,
    min(os) AS os,
    count(*) AS logins,
    sum(CASE WHEN logout_timestamp IS NULL THEN 1 ELSE 0 END) AS open_sessions,
    count(DISTINCT location) AS places,
    min(login_timestamp) AS first_login,
    max(login_timestamp) AS last_login
FROM (
    SELECT CAST(date_trunc('MONTH', to_date(login_timestamp)) AS DATE) AS month, *
    FROM ref('silver.device_logs')
) AS sessions
GROUP BY month, user_id, device_id
