# The environment of ./dev: Odoo, Python, PostgreSQL, wkhtmltopdf, Chromium and fonts.
# Sourced by ../dev. Every part is: already there? else found on PATH, else installed, else unpacked into the cache.

SUITE=sid # Debian's suite that ships odoo-19
ODOO_PACKAGES=(odoo-19 fonts-glyphicons-halflings fonts-inconsolata fonts-montserrat fonts-roboto-unhinted
    fonts-dejavu-core libjs-jquery libjs-jquery-form libjs-underscore)

environment() {
    ensure_odoo
    ensure_python
    ensure_postgresql
    ensure_wkhtmltopdf
    ensure_chromium
    ensure_fonts
}

# --- packages -------------------------------------------------------------------------------------------------

# With the rights of an administrator, if we have them.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}

# Install Debian packages; fails quietly when we may not.
apt_install() {
    command -v apt-get >/dev/null || return 1
    as_root true || return 1
    step "installing $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$LOG" 2>&1 || {
        as_root apt-get update -q >>"$LOG" 2>&1
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$LOG" 2>&1
    }
}

# Prepare a private apt for suite $1 under the cache; the system's own lists stay untouched.
private_apt() {
    local suite=$1 apt=$CACHE/apt-$1 uri
    if [ ! -e "$apt/ready" ] || [ -n "$(find "$apt/ready" -mtime +1)" ]; then
        uri=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
            awk -F'|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" {print $4; exit}')
        if [ -z "$uri" ]; then
            as_root apt-get update -q >>"$LOG" 2>&1
            uri=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
                awk -F'|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" {print $4; exit}')
        fi
        [ -n "$uri" ] || die "this system's apt knows no Debian archive." \
            "Run 'apt-get update', or set ODOO_SRC=/path/to/an/odoo-19/checkout."
        mkdir -p "$apt/lists/partial" "$apt/archives/partial"
        : >"$apt/status" # empty: nothing counts as installed, so a download is the whole closure
        echo "deb [arch=$(dpkg --print-architecture) signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" \
            >"$apt/sources.list"
        cat >"$apt/apt.conf" <<EOF
Dir::State "$apt"; Dir::State::lists "$apt/lists"; Dir::State::status "$apt/status";
Dir::Cache "$apt"; Dir::Cache::archives "$apt/archives"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
Dir::Etc::sourcelist "$apt/sources.list"; Dir::Etc::sourceparts "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
Dir::Log "$apt"; Acquire::Languages "none"; APT::Sandbox::User ""; Debug::NoLocking "true";
EOF
        APT_CONFIG=$apt/apt.conf apt-get update -q >>"$LOG" 2>&1 ||
            die "cannot read the package lists of Debian $suite (see $LOG)." "Check the network, then run again."
        touch "$apt/ready"
    fi
}

# --- Odoo -----------------------------------------------------------------------------------------------------

# Sets ODOO_HOME (the folder on PYTHONPATH) and ODOO_VERSION.
ensure_odoo() {
    if [ -n "${ODOO_SRC:-}" ]; then
        [ -e "$ODOO_SRC/odoo/release.py" ] || die "ODOO_SRC=$ODOO_SRC holds no odoo/release.py." \
            "Point it at the root of an Odoo 19 source checkout."
        ODOO_HOME=$ODOO_SRC
        ODOO_VERSION=src-$(git -C "$ODOO_SRC" rev-parse --short HEAD 2>/dev/null || cksum <"$ODOO_SRC/odoo/release.py" | cut -d' ' -f1)
        return
    fi
    if [ ! -e "$CACHE/odoo/current/version" ]; then
        step "downloading Odoo 19 (130 MB)"
        private_apt "$SUITE"
        local apt=$CACHE/apt-$SUITE new=$CACHE/odoo/new.$$ version deb
        mkdir -p "$new"
        (
            cd "$apt/archives" || exit
            APT_CONFIG=$apt/apt.conf apt-get download -q "${ODOO_PACKAGES[@]}" &&
                apt-get download -q fonts-font-awesome # the system's: Debian 12 and 13 have the 4.7 that Odoo links to
        ) >>"$LOG" 2>&1 || die "cannot download odoo-19 (see $LOG)." "Check the network, or set ODOO_SRC=/path/to/odoo."
        step "unpacking Odoo 19"
        for deb in "$apt"/archives/*.deb; do dpkg -x "$deb" "$new"; done
        version=$(basename "$apt"/archives/odoo-19_*.deb | cut -d_ -f2)
        echo "${version//%3a/:}" >"$new/version"
        rm -f "$apt"/archives/*.deb
        mv "$new" "$CACHE/odoo/$version"
        ln -sfn "$version" "$CACHE/odoo/current"
    fi
    ODOO_HOME=$CACHE/odoo/current/usr/lib/python3/dist-packages
    ODOO_VERSION=$(cat "$CACHE/odoo/current/version")
}

# --- Python ---------------------------------------------------------------------------------------------------

find_python() {
    local name
    for name in "${DEV_PYTHON:-python3}" python3.13 python3.12 python3.11 python3.10 /usr/bin/python3; do
        "$name" -c 'import sys, ensurepip, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null &&
            echo "$name" && return
    done
    return 1
}

# Sets VENV.
ensure_python() {
    local python version key
    python=$(find_python) || { apt_install python3-venv && python=$(find_python); } ||
        die "no Python 3.10 to 3.13 with the venv module." "Install one (Debian: apt-get install python3-venv)."
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    key=$(sha256sum <"$ROOT/requirements.txt" | cut -c1-10)
    VENV=$CACHE/venv/$version-$key
    [ -e "$VENV/ready" ] && return
    step "installing the Python packages (Python $version)"
    rm -rf "$VENV"
    "$python" -m venv "$VENV" >>"$LOG" 2>&1 &&
        "$VENV/bin/pip" install -q --disable-pip-version-check -r "$ROOT/requirements.txt" >>"$LOG" 2>&1 ||
        die "pip could not install requirements.txt (see $LOG)." "Check the network, then run again."
    # Odoo and the repository's root are importable by every program of the environment.
    touch "$VENV/ready"
}

# --- PostgreSQL -----------------------------------------------------------------------------------------------

find_postgresql() {
    local initdb
    initdb=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
    [ -n "$initdb" ] || initdb=$(command -v initdb) || return 1
    dirname "$(readlink -f "$initdb")"
}

# The cluster's owner: ourselves, or as root (whom PostgreSQL refuses) an unprivileged system user.
as_owner() {
    if [ "$(id -u)" != 0 ]; then "$@"; else runuser -u "$PG_OWNER" -- "$@"; fi
}

# Sets PG_BIN, and exports PGHOST, PGPORT and PGUSER of a running private cluster.
ensure_postgresql() {
    local place major
    PG_BIN=$(find_postgresql) || { apt_install postgresql && PG_BIN=$(find_postgresql); } ||
        die "no PostgreSQL server." "Install one (Debian: apt-get install postgresql)."
    major=$("$PG_BIN/postgres" --version | grep -oE '[0-9]+' | head -n 1)
    place=$CACHE
    PG_OWNER=
    if [ "$(id -u)" = 0 ]; then # the owner cannot enter root's home
        PG_OWNER=$(getent passwd postgres nobody | head -n 1 | cut -d: -f1)
        place=/var/lib/aftersales_service/$(printf %s "$CACHE" | sha256sum | cut -c1-8)
    fi
    PG_DATA=$place/postgresql-$major
    export PGHOST=$place/socket PGPORT=5432 PGUSER=odoo
    if [ ${#PGHOST} -gt 80 ]; then # a socket's path is limited to 107 characters
        PGHOST=${XDG_RUNTIME_DIR:-/tmp}/aftersales-$(id -u)-$(printf %s "$CACHE" | sha256sum | cut -c1-8)
    fi
    "$PG_BIN/pg_isready" -q && return
    if [ ! -e "$PG_DATA/ready" ]; then
        step "creating the private PostgreSQL $major cluster"
        rm -rf "$PG_DATA"
        mkdir -p "$PG_DATA"
        [ -z "$PG_OWNER" ] || chown "$PG_OWNER" "$place" "$PG_DATA"
        as_owner "$PG_BIN/initdb" -D "$PG_DATA" -U odoo -A trust -E UTF8 --locale=C.UTF-8 >>"$LOG" 2>&1 ||
            die "initdb failed (see $LOG)." "Is there room on the disk of $PG_DATA?"
        # Data that can be made again in minutes: speed before durability.
        as_owner tee -a "$PG_DATA/postgresql.conf" >/dev/null <<'EOF'
listen_addresses = ''
max_connections = 200
max_locks_per_transaction = 256
shared_buffers = 1GB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 8GB
max_wal_size = 4GB
checkpoint_timeout = 30min
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
log_min_messages = fatal
EOF
        as_owner touch "$PG_DATA/ready"
    fi
    mkdir -p "$PGHOST"
    chmod 700 "$PGHOST"
    [ -z "$PG_OWNER" ] || chown "$PG_OWNER" "$PGHOST"
    # The server outlives this command: it must not keep our lock or our output open.
    as_owner "$PG_BIN/pg_ctl" -D "$PG_DATA" -l "$PG_DATA/log" -w -t 60 -o "-k '$PGHOST' -p $PGPORT" start \
        </dev/null >>"$LOG" 2>&1 9>&- || die "PostgreSQL does not start (see $PG_DATA/log)." "Then run './dev setup' again."
}

# --- programs -------------------------------------------------------------------------------------------------

ensure_wkhtmltopdf() {
    command -v wkhtmltopdf >/dev/null && return
    apt_install wkhtmltopdf || echo "warning: no wkhtmltopdf; PDF reports will not print" >&2
}

ensure_chromium() {
    local name
    for name in google-chrome chromium chromium-browser; do command -v $name >/dev/null && return; done
    apt_install chromium || echo "warning: no Chromium; tours will not run" >&2
}

ensure_fonts() {
    [ -n "$(fc-list :lang=zh-cn 2>/dev/null | head -n 1)" ] && return
    apt_install fontconfig fonts-noto-cjk || echo "warning: no Chinese fonts; PDF reports will show boxes" >&2
}
