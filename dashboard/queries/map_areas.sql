-- The boundaries that were handed in, as GeoJSON text in WGS-84.
SELECT level, name, geometry FROM boundaries WHERE geometry IS NOT NULL ORDER BY level, name;
