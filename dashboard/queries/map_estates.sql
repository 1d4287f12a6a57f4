-- Each estate of the register: where it stands (WGS-84, NULL where unknown) and what its card says.
SELECT estate, community, housing_type, company, households, lon, lat FROM estates ORDER BY households DESC NULLS LAST, estate;
