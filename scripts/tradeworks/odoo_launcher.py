"""The `odoo` executable that the Debian package doesn't have.

A file, not `python -m odoo`: with --workers Odoo starts its websocket process by running this
same file again, which a module path can't do.
"""

from odoo.cli.command import main

if __name__ == "__main__":
    main()
