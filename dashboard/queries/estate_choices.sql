-- all estates by community: those of the register, then those that only submissions know (community null)
SELECT community, estate FROM estates
UNION
SELECT NULL, estate FROM mart_spells WHERE estate NOT IN (SELECT estate FROM estates)
ORDER BY community NULLS LAST, estate;
