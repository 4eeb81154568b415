# Databases of ./dev: templates, built once per set of dependencies, and their clones, made in half a second.
# Sourced by ../dev.

sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d postgres -c "$1"; }

database_exists() { [ "$(sql "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }

drop_database() {
    dropdb --if-exists --force "$1" 2>/dev/null
    rm -rf "$DATA/filestore/$1" "$CACHE/state/$1"
}

# clone_database SOURCE TARGET
clone_database() {
    drop_database "$2"
    createdb -T "$1" "$2" || die "cannot clone database $1 into $2."
    [ ! -d "$DATA/filestore/$1" ] || cp -a "$DATA/filestore/$1" "$DATA/filestore/$2"
}

# build_template NAME COMMAND...: COMMAND fills database $1_new, which becomes NAME once it is whole.
build_template() {
    local name=$1
    shift
    "$@" >"$CACHE/template.log" 2>&1 && ! grep -E ' (ERROR|CRITICAL) ' "$CACHE/template.log" ||
        die "the template database cannot be built (see $CACHE/template.log)." "Is ODOO_SRC, if you use it, an Odoo 19?"
    sql "ALTER DATABASE \"${name}_new\" RENAME TO \"$name\""
    [ ! -d "$DATA/filestore/${name}_new" ] || mv "$DATA/filestore/${name}_new" "$DATA/filestore/$name"
    sql "ALTER DATABASE \"$name\" ALLOW_CONNECTIONS false"
}

# Sets TEMPLATE: the dependencies installed, and the Chinese chart that the demo and the tests use; nothing of ours.
ensure_template() {
    local modules
    modules=$("$VENV/bin/python" -c 'import ast, sys
print(",".join([*ast.literal_eval(open(sys.argv[1]).read())["depends"], "l10n_cn"]))' "$ADDON/__manifest__.py") || exit
    TEMPLATE=template_$(printf '%s\n' "$modules" "$ODOO_VERSION" "$VENV" | sha256sum | cut -c1-10)
    touch "$CACHE/state/$TEMPLATE"
    database_exists "$TEMPLATE" && return
    prune
    step "building the template database (about a minute)"
    drop_database "${TEMPLATE}_new"
    build_template "$TEMPLATE" odoo -d "${TEMPLATE}_new" -i "$modules" --stop-after-init
}

# Sets DEMO_TEMPLATE: the same in Chinese, its company on the Chinese chart.
ensure_demo_template() {
    exec 9>"$CACHE/lock" && flock 9
    DEMO_TEMPLATE=${TEMPLATE}_demo_$(sha256sum <tools/demo_company.py | cut -c1-6)
    touch "$CACHE/state/$DEMO_TEMPLATE"
    if ! database_exists "$DEMO_TEMPLATE"; then
        step "building the demo template"
        clone_database "$TEMPLATE" "${DEMO_TEMPLATE}_new"
        build_template "$DEMO_TEMPLATE" fill_demo_template "${DEMO_TEMPLATE}_new"
    fi
    exec 9>&-
}

fill_demo_template() {
    PGDATABASE=$1 odoo i18n loadlang -l zh_CN && odoo shell -d "$1" --no-http <tools/demo_company.py
}

# Drop what nobody used for two weeks: databases of vanished checkouts, templates and packages of old versions.
# The files in state/ carry the names of the databases and the dates of their last use.
prune() {
    local old
    find "$CACHE/state" -mindepth 1 -maxdepth 1 -mtime +14 -printf '%f\n' | while read -r old; do
        case $old in *.*) rm -rf "${CACHE:?}/state/$old" ;; *) drop_database "$old" ;; esac
    done
    find "$CACHE/venv" -mindepth 2 -maxdepth 2 -name ready -mtime +14 -printf '%h\0' | xargs -r0 rm -rf
}

# === databases of this checkout === #

# lock_database DATABASE: one ./dev at a time changes or tests it.
lock_database() {
    exec 8>"$CACHE/state/$1.lock"
    flock -n 8 || { step "waiting for another ./dev on $1" && flock 8; }
}

# Everything in an Odoo log above INFO, with what follows it.
complaints() {
    awk '/^[0-9-]+ [0-9:,]+ [0-9]+ (INFO|DEBUG) / || /^Running as user .root/ {show = 0; next}
         /^[0-9-]+ [0-9:,]+ [0-9]+ [A-Z]+ / || NR == 1 {show = 1}
         show' "$1"
}

# install_module DATABASE -i|-u LOG [odoo options]: prints warnings and errors, all of them ours, as only our module
# is loaded from its files; false on an error.
install_module() {
    local db=$1 action=$2 log=$3
    shift 3
    odoo -d "$db" "$action" "$MODULE" --stop-after-init "$@" >"$log" 2>&1
    local status=$?
    complaints "$log" | tail -n 100
    [ $status = 0 ] && ! grep -qE '^[0-9-]+ [0-9:,]+ [0-9]+ (ERROR|CRITICAL) ' "$log" && return
    echo "./dev: $MODULE does not load with $action into $db (whole log: $log)." >&2
    return 1
}

# What a database depends on: its template, and the files that an installation reads.
files_key() {
    echo "$TEMPLATE $({ find "$ADDON" -type f -not -path '*/__pycache__/*' -not -path "$ADDON/tests/*" \
        -not -path "$ADDON/static/*" -not -path "$ADDON/demo/*" -not -path "$ADDON/rules/*" -print0 | sort -z
        printf 'tests/ground.py\0'; } | xargs -0 sha256sum | sha256sum | cut -c1-16)"
}

# ensure_fresh DATABASE: a database for tests, installed anew (as fast as an update, and nothing stale in it) when
# files changed.
ensure_fresh() {
    local db=$1 state=$CACHE/state/$1 now
    now=$(files_key)
    [ "$(cat "$state" 2>/dev/null)" != "$now" ] || ! database_exists "$db" || { touch "$state" && return; }
    step "installing into a fresh $db"
    clone_database "$TEMPLATE" "$db"
    install_module "$db" -i "$state.log" || exit
    echo "$now" >"$state"
}

# Bring $DB, the database to work in by hand, to the state of the working tree; its data stays.
ensure_database() {
    local state=$CACHE/state/$DB now installed=
    now=$(files_key)
    if [ "$(cut -d' ' -f1 "$state" 2>/dev/null)" = "$TEMPLATE" ]; then
        installed=$(psql -X -A -t -d "$DB" -c "SELECT state FROM ir_module_module WHERE name = '$MODULE'" 2>/dev/null)
    fi
    if [ "$installed" = installed ]; then
        [ "$(cat "$state")" != "$now" ] || { touch "$state" && return; }
        step "updating $DB"
        install_module "$DB" -u "$state.log" || exit
    else
        step "installing into a fresh $DB"
        clone_database "$TEMPLATE" "$DB"
        echo "$TEMPLATE" >"$state"
        install_module "$DB" -i "$state.log" || exit
    fi
    echo "$now" >"$state"
}

# Exports BENCH_DB: a clone of the template with 20,000 orders, the add-on in it as the working tree has it.
# The template is built once per set of dependencies and way of building it; changes of the add-on come by an update.
ensure_bench() {
    local template now
    template=${TEMPLATE}_bench_$(cat tests/ground.py benchmarks/ground.py | sha256sum | cut -c1-6)
    export BENCH_DB=bench_$CHECKOUT
    lock_database "$BENCH_DB"
    exec 9>"$CACHE/lock" && flock 9
    touch "$CACHE/state/$template"
    if ! database_exists "$template"; then
        step "building the template of the benchmarks (some minutes)"
        clone_database "$TEMPLATE" "${template}_new"
        build_template "$template" fill_bench_template "${template}_new"
        files_key >"$CACHE/state/$template.files"
    fi
    exec 9>&-
    now=$(files_key)
    [ "$(cat "$CACHE/state/$BENCH_DB" 2>/dev/null)" != "$template $now" ] || ! database_exists "$BENCH_DB" || return 0
    clone_database "$template" "$BENCH_DB"
    if [ "$(cat "$CACHE/state/$template.files" 2>/dev/null)" != "$now" ]; then
        step "updating $BENCH_DB"
        install_module "$BENCH_DB" -u "$CACHE/state/$BENCH_DB.log" || exit
    fi
    echo "$template $now" >"$CACHE/state/$BENCH_DB"
}

# sale and sale_stock are what we are measured against; the add-on does not need them.
fill_bench_template() {
    odoo -d "$1" -i "$MODULE,sale_stock" --stop-after-init && BENCH_DB=$1 python -m benchmarks --lay
}
