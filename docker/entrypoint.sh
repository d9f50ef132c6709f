#!/bin/bash
# Starts Odoo with the secrets of files: they never stand in the environment of the container's
# definition, in an image or in a command line.
set -euo pipefail

if [[ -n "${PGPASSWORD_FILE:-}" ]]; then
    if [[ ! -r "$PGPASSWORD_FILE" ]]; then
        echo "The database password's file $PGPASSWORD_FILE can't be read by user $(id -un)." >&2
        echo "Give the file mode 644 inside a folder of mode 700 (docker/README.md)." >&2
        exit 1
    fi
    PGPASSWORD="$(<"$PGPASSWORD_FILE")"
    export PGPASSWORD
fi

# The database manager is off (list_db); a fresh random master password at each start besides.
ODOO_ADMIN_PASSWD="$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
export ODOO_ADMIN_PASSWD

if [[ "${1:-odoo}" == "odoo" ]]; then
    exec "${@:-odoo}"
fi
# Options alone are Odoo's; anything else is a command of its own (bash, psql).
if [[ "$1" == -* ]]; then
    exec odoo "$@"
fi
exec "$@"
