-- one row per estate, category of income, month and stretch of days that one company ran in one mode and state.
CREATE TABLE mart_income AS FROM by_month('income');
