-- one row: what the register says of an estate
SELECT
    estates.estate, estates.community, estates.company, housing_type, built_year, estates.households,
    estates.floor_area_m2, fee_yuan_per_m2_month, estates.service_tier, contract_end, host_estate,
    (SELECT peer_group FROM mart_peers WHERE mart_peers.estate = estates.estate) AS peer_group
FROM estates
WHERE estates.estate = $estate;
