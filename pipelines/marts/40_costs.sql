-- one row per estate, cost category, month and stretch of days that one company ran in one mode and state.
CREATE TABLE mart_costs AS FROM by_month('costs');
