# ./dev test: everything that must hold before a change lands. Sourced by ../dev.

verb_test() {
    local db=test_$CHECKOUT failed=
    setup
    lock_database "$db"
    step "installing into a fresh database; beside it, updating the previous version's"
    in_background "${db}_upgrade" test_upgrade
    test_install "$db" || exit 1
    step "comparing what pytest and Odoo's own runner would run; beside it, uninstalling and reinstalling"
    clone_database "$db" "${db}_reinstall"
    in_background "${db}_reinstall" test_reinstall
    python tools/same_tests.py "$db" || failed=1
    finished "${db}_upgrade" || failed=1
    finished "${db}_reinstall" || failed=1
    [ -z "$failed" ] || exit 1
    step "tests and tours, on every core a database of its own"
    python -m pytest --odoo-database="$db" --odoo-http --no-skips -n "$(nproc)" --dist loadscope "$@"
}

# in_background DATABASE FUNCTION: run the check on a database of its own, which goes when it is done.
in_background() {
    { "$2" "$1"; echo $? >"$CACHE/state/$1.status"; drop_database "$1"; } >"$CACHE/state/$1.out" 2>&1 &
    jobs_of[$1]=$!
}

# finished DATABASE: wait for it, show what it said, and pass on how it went.
finished() {
    wait "${jobs_of[$1]}"
    cat "$CACHE/state/$1.out"
    return "$(cat "$CACHE/state/$1.status")"
}
declare -A jobs_of

# A warning while installing is a failure: somebody would see it in production.
test_install() {
    clone_database "$TEMPLATE" "$1"
    touch "$CACHE/state/$1"
    install_module "$1" -i "$CACHE/state/$1.log" && [ -z "$(complaints "$CACHE/state/$1.log")" ] ||
        { echo "FAILED: installing prints the warnings or errors above." && return 1; }
}

# What runs at a customer's: the previous version installed, then this one over it.
test_upgrade() {
    local db=$1 log=$CACHE/state/$1.log previous=HEAD old=$CACHE/state/$1.old
    # In a clean checkout HEAD is what we test, so the version before it.
    [ -n "$(git status --porcelain -- "$ADDON" 2>/dev/null)" ] || previous=HEAD~1
    git rev-parse -q --verify "$previous:$ADDON/__manifest__.py" >/dev/null 2>&1 || previous=HEAD
    rm -rf "$old"
    mkdir -p "$old"
    # Without history (a tarball, a foreign owner) at least: the same version over itself.
    git archive "$previous" addons 2>/dev/null | tar -x -C "$old" 2>/dev/null || cp -R addons "$old/"
    clone_database "$TEMPLATE" "$db"
    odoo -d "$db" -i "$MODULE" --stop-after-init --addons-path="$old/addons" >"$log" 2>&1 ||
        { complaints "$log"; echo "FAILED: the previous version ($previous) does not install."; return 1; }
    rm -rf "$old"
    install_module "$db" -u "$log" && [ -z "$(complaints "$log")" ] &&
        odoo shell -d "$db" --no-http --log-level=error <tools/check_views.py ||
        { echo "FAILED: updating from $previous (warnings and errors above)." && return 1; }
}

# A shop that takes the add-on away keeps a sound ERP, and finds its locations again when it comes back.
test_reinstall() {
    odoo shell -d "$1" --no-http --log-level=error <tools/check_reinstall.py ||
        { echo "FAILED: uninstalling or installing again (problems above)." && return 1; }
}
