-- One row: how big the street is. Companies are those that run an estate by the register.
SELECT
    count(DISTINCT community) AS communities,
    count(*) AS estates,
    coalesce(sum(households), 0)::BIGINT AS households,
    count(DISTINCT company) AS companies
FROM estates
