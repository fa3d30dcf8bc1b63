/*
description: The present profile of every person, the newest version of silver.user_profiles_history.
materialization: incremental
strategy: merge
*/
SELECT user_id, name, email, phone, date_of_birth, address, country, signup_date, credit_score, risk_level, valid_from
FROM (
    SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY valid_from DESC) AS newest
    FROM ref('silver.user_profiles_history')
) AS versions
WHERE newest = 1
