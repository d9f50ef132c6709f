"""Set-up, database and test commands of Tradeworks.

Standard library only: these modules run on a bare Debian 12 before anything is installed.
One module a concern: console (what the person sees), layout (where things live), machine
(Debian packages, disk, ports), odoo_tree, python_env, postgres, database, serve, checks.
"""
