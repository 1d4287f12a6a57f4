-- what the street decided for itself, as key and value
SELECT key, value FROM street_settings;
