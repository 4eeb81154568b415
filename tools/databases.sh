# Databases of ./dev: templates built once per set of dependencies, clones in half a second. Sourced by ../dev.

# What a template holds: our dependencies, and the Chinese chart that the demo and some tests use.
dependencies() {
    "$VENV/bin/python" - <<'EOF'
import ast, pathlib
manifest = ast.literal_eval(pathlib.Path('addons/aftersales_service/__manifest__.py').read_text())
print(','.join([*manifest['depends'], 'l10n_cn']))
EOF
}

pg() { "$PG_BIN/$@"; }

sql() { pg psql -X -q -A -t -v ON_ERROR_STOP=1 -d postgres -c "$1"; }

database_exists() { [ "$(sql "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }

drop_database() {
    pg dropdb --if-exists --force "$1"
    rm -rf "$DATA/filestore/$1"
}

# clone_database SOURCE TARGET
clone_database() {
    drop_database "$2" 2>/dev/null
    pg createdb -T "$1" "$2" || die "cannot clone database $1 into $2." "'./dev stop' and try again."
    sql "ALTER DATABASE \"$2\" CONNECTION LIMIT -1"
    mkdir -p "$DATA/filestore"
    [ ! -d "$DATA/filestore/$1" ] || cp -a "$DATA/filestore/$1" "$DATA/filestore/$2"
}

# Sets TEMPLATE: a database with the dependencies installed and nothing of ours.
ensure_template() {
    local modules key new log
    modules=$(dependencies)
    key=$(printf '%s\n' "$modules" "$ODOO_VERSION" "$VENV" "$PG_DATA" | sha256sum | cut -c1-10)
    TEMPLATE=aftersales_template_$key
    if ! database_exists "$TEMPLATE"; then
        step "building the template database (1 to 2 minutes)"
        new=${TEMPLATE}_new
        log=$CACHE/template.log
        drop_database "$new" 2>/dev/null
        odoo -d "$new" -i "$modules" --stop-after-init >"$log" 2>&1 && ! grep -E ' (ERROR|CRITICAL) ' "$log" ||
            die "the dependencies do not install (see $log)." "Is ODOO_SRC a whole Odoo 19?"
        sql "ALTER DATABASE \"$new\" RENAME TO \"$TEMPLATE\""
        mv "$DATA/filestore/$new" "$DATA/filestore/$TEMPLATE" 2>/dev/null || true
        sql "ALTER DATABASE \"$TEMPLATE\" ALLOW_CONNECTIONS false"
    fi
}
