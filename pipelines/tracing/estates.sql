-- the register: what figures per square metre and per household are divided by
SELECT estate, floor_area_m2, households, source_file, source_sheet, source_row, source_columns FROM estates;
