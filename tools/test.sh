# ./dev test: everything that must hold before a change lands. Sourced by ../dev.

verb_test() {
    local db=test_$CHECKOUT failed=
    setup
    lock_database "$db"
    step "installing into a fresh database; beside it, updating the previous version's"
    test_upgrade "${db}_upgrade" >"$CACHE/state/${db}_upgrade.out" 2>&1 &
    test_install "$db" || failed=1
    wait $! || failed=1
    cat "$CACHE/state/${db}_upgrade.out"
    drop_database "${db}_upgrade"
    [ -z "$failed" ] || exit 1
    step "comparing what pytest and Odoo's own runner would run"
    python tools/same_tests.py "$db" || exit 1
    step "tests and tours"
    python -m pytest --odoo-database="$db" --odoo-http --no-skips "$@"
}

# A warning while installing is a failure: somebody would see it in production.
test_install() {
    clone_database "$TEMPLATE" "$1"
    install_module "$1" -i "$CACHE/state/$1.log" && [ -z "$(complaints "$CACHE/state/$1.log")" ] ||
        { echo "FAILED: installing prints the warnings or errors above." && return 1; }
    lay_ground "$1"
}

# What runs at a customer's: the previous version installed, then this one over it.
test_upgrade() {
    local db=$1 log=$CACHE/state/$1.log previous=HEAD old=$CACHE/state/$1.old
    # In a clean checkout HEAD is what we test, so the version before it.
    [ -n "$(git status --porcelain -- "$ADDON" 2>/dev/null)" ] || previous=HEAD~1
    git rev-parse -q --verify "$previous:$ADDON/__manifest__.py" >/dev/null || previous=HEAD
    rm -rf "$old"
    mkdir -p "$old"
    git archive "$previous" addons | tar -x -C "$old" || return 1
    clone_database "$TEMPLATE" "$db"
    odoo -d "$db" -i $MODULE --stop-after-init --addons-path="$old/addons" >"$log" 2>&1 ||
        { complaints "$log"; echo "FAILED: the previous version ($previous) does not install."; return 1; }
    rm -rf "$old"
    install_module "$db" -u "$log" && [ -z "$(complaints "$log")" ] &&
        odoo shell -d "$db" --no-http --log-level=error <tools/check_views.py ||
        { echo "FAILED: updating from $previous (warnings and errors above)." && return 1; }
}
