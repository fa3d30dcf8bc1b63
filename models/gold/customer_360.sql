/*
description: Everything about a person in one row, present profile, payments and devices.
materialization: table
key: [user_id]
columns:
  user_id: [BIGINT NOT NULL, The person.]
  name: [STRING, Full name; absent while no profile of the person is known.]
  country: [STRING, Country of residence.]
  risk_level: [STRING, Rated risk.]
  credit_score: ["DECIMAL(5,1)", Credit score.]
  signup_date: [TIMESTAMP, When the person became a customer.]
  profile_since: [TIMESTAMP, Since when the profile is as it is.]
  payments: [BIGINT NOT NULL, Number of payments.]
  active_days: [BIGINT NOT NULL, Number of days with a payment.]
  merchants: [BIGINT NOT NULL, Number of different merchants.]
  amount_usd: ["DECIMAL(18,2) NOT NULL", "Sum of the amounts in US dollars, each currency's sum converted by reference.fx_rates and rounded to cents."]
  first_day: [DATE, Day of the first payment.]
  last_day: [DATE, Day of the last payment.]
  logins: [BIGINT NOT NULL, Number of sessions.]
  devices: [BIGINT NOT NULL, Number of different devices.]
  last_login: [TIMESTAMP, The last login.]
*/
WITH payments AS (
    SELECT
        user_id,
        sum(payments) AS payments,
        count(DISTINCT day) AS active_days,
        count(DISTINCT merchant) AS merchants,
        min(day) AS first_day,
        max(day) AS last_day
    FROM ref('silver.transactions_daily')
    GROUP BY user_id
),
spending AS (
    SELECT user_id, sum(round(CAST(spent AS DECIMAL(25, 4)) * usd_rate, 2)) AS amount_usd
    FROM (
        SELECT user_id, currency, CAST(sum(amount) AS DECIMAL(18, 4)) AS spent
        FROM ref('gold.daily_spend')
        GROUP BY user_id, currency
    ) AS spent
    JOIN ref('reference.fx_rates') AS rates ON rates.currency = spent.currency
    GROUP BY user_id
),
devices AS (
    SELECT user_id, sum(logins) AS logins, count(DISTINCT device_id) AS devices, max(last_login) AS last_login
    FROM ref('gold.device_activity')
    GROUP BY user_id
),
people AS (
    SELECT user_id FROM ref('silver.user_profiles')
    UNION
    SELECT user_id FROM payments
    UNION
    SELECT user_id FROM devices
)
SELECT
    people.user_id,
    profiles.name, profiles.country, profiles.risk_level, profiles.credit_score, profiles.signup_date,
    profiles.valid_from AS profile_since,
    coalesce(payments.payments, 0) AS payments,
    coalesce(payments.active_days, 0) AS active_days,
    coalesce(payments.merchants, 0) AS merchants,
    coalesce(spending.amount_usd, CAST(0 AS DECIMAL(18, 2))) AS amount_usd,
    payments.first_day, payments.last_day,
    coalesce(devices.logins, 0) AS logins,
    coalesce(devices.devices, 0) AS devices,
    devices.last_login
FROM people
LEFT JOIN ref('silver.user_profiles') AS profiles ON profiles.user_id = people.user_id
LEFT JOIN payments ON payments.user_id = people.user_id
LEFT JOIN spending ON spending.user_id = people.user_id
LEFT JOIN devices ON devices.user_id = people.user_id
