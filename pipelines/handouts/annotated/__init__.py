"""Hands each workbook back to its sender with the faulty cells coloured, commented and listed on a first sheet."""
