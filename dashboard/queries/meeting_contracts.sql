-- the contracts that end within $days days after $as_of
SELECT estate, company, contract_end, takeover_date
FROM estates
WHERE contract_end > $as_of::DATE AND contract_end <= $as_of::DATE + to_days($days::INTEGER) AND company IS NOT NULL
ORDER BY contract_end, households DESC NULLS LAST, estate;
