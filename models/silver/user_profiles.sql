/*
description: The present profile of every person, the newest version of silver.user_profiles_history.
materialization: incremental
strategy: merge
key: [user_id]
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
  valid_from: [TIMESTAMP NOT NULL, Since when the profile is as it is.]
*/
SELECT user_id, name, email, phone, date_of_birth, address, country, signup_date, credit_score, risk_level, valid_from
FROM (
    SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY valid_from DESC) AS newest
    FROM ref('silver.user_profiles_history')
) AS versions
WHERE newest = 1
