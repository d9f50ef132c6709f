"""Loads the AdventureWorks company (a maker and wholesaler of bicycles) from its public CSV files.

`source`, `catalogue` and `trade` read and check the files without Odoo and without a database:
a broken file is found before anything is written. `session` writes through Odoo in chunks, each
committed with the external ids of its records, so that a second or a resumed run goes on where
the last one stopped. `masters`, `partners` and `documents` say what becomes what; `confirm`
confirms the orders and measures; `runner` is the program that Odoo's Python runs.
"""
