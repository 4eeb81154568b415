# The environment of ./dev: Odoo, Python, PostgreSQL, wkhtmltopdf, Chromium and fonts. Sourced by ../dev.
# Each part: in the cache or on PATH already? else installed as a Debian package when we may, else unpacked into
# the cache. Nothing here needs root.

SUITE=sid # Debian's suite that ships odoo-19
ODOO_PACKAGES=(odoo-19 fonts-glyphicons-halflings fonts-inconsolata fonts-montserrat fonts-roboto-unhinted
    fonts-dejavu-core libjs-jquery libjs-jquery-form libjs-underscore)

# Exports what the programs need: PATH, PYTHONPATH, PG*, ODOO_*.
environment() {
    export PATH=$CACHE/bin:$PATH
    mkdir -p "$CACHE/bin"
    ensure_odoo
    ensure_python
    ensure_postgresql
    ensure_wkhtmltopdf
    ensure_chromium
    ensure_fonts
    export PATH=$VENV/bin:$PG_BIN:$PATH
    export PYTHONPATH=$ODOO_HOME PYTHONPYCACHEPREFIX=$CACHE/pycache
    export ODOO_RC=$ROOT/odoo.conf ODOO_DATA_DIR=$DATA ODOO_WORKERS=0 PGDATABASE=$DB
}

# --- packages -------------------------------------------------------------------------------------------------

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

# apt_install PACKAGE...: false when there is no apt, no right to install, or no such package.
apt_install() {
    [ -z "${DEV_NO_INSTALL:-}" ] && command -v apt-get >/dev/null && as_root true || return 1
    step "installing $*"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends
        -o DPkg::Lock::Timeout=300 "$@")
    as_root "${install[@]}" >>"$LOG" 2>&1 </dev/null ||
        { as_root apt-get update -q >>"$LOG" 2>&1 </dev/null && as_root "${install[@]}" >>"$LOG" 2>&1 </dev/null; }
}

debian_uri() {
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
        awk -F'|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" {print $4; exit}'
}

# private_apt SUITE: an apt of our own under the cache, for any suite; the system's stays untouched.
# Its list of installed packages is empty, so that a download brings the whole closure. Sets APT.
private_apt() {
    local suite=$1 uri
    APT=$CACHE/apt-$suite
    [ -z "$(find "$APT/ready" -mmin -720 2>/dev/null)" ] || return 0
    command -v apt-get >/dev/null || die "this is no Debian system: there is no apt to take $suite from." \
        "Install PostgreSQL, wkhtmltopdf and Chromium yourself and set ODOO_SRC=/path/to/odoo (version 19)."
    uri=$(debian_uri)
    [ -n "$uri" ] || { as_root apt-get update -q >>"$LOG" 2>&1; uri=$(debian_uri); }
    [ -n "$uri" ] || die "this system's apt knows no Debian archive." "Run 'apt-get update', then again."
    mkdir -p "$APT/lists/partial" "$APT/archives/partial"
    : >"$APT/status"
    echo "deb [arch=$(dpkg --print-architecture) signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" \
        >"$APT/sources.list"
    cat >"$APT/apt.conf" <<EOF
Dir::State "$APT"; Dir::State::lists "$APT/lists"; Dir::State::status "$APT/status";
Dir::Cache "$APT"; Dir::Cache::archives "$APT/archives"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
Dir::Etc::sourcelist "$APT/sources.list"; Dir::Etc::sourceparts "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
Dir::Log "$APT"; Acquire::Languages "none"; APT::Sandbox::User ""; Debug::NoLocking "true";
EOF
    APT_CONFIG=$APT/apt.conf apt-get update -q >>"$LOG" 2>&1 ||
        die "cannot read the package lists of Debian $suite (see $LOG)." "Is the network up? Then run again."
    touch "$APT/ready"
}

# unpack NAME SUITE PACKAGE...: the packages and all they need, unpacked into $CACHE/unpacked/NAME.
unpack() {
    local name=$1 suite=$2 target=$CACHE/unpacked/$1 deb
    shift 2
    [ ! -e "$target" ] || return 0
    private_apt "$suite"
    step "unpacking $name (Debian $suite) into the cache"
    rm -f "$APT"/archives/*.deb
    APT_CONFIG=$APT/apt.conf apt-get install -y -q -d --no-install-recommends "$@" >>"$LOG" 2>&1 </dev/null ||
        die "cannot download $name (see $LOG)." "Is the network up? Then run again, or install $name yourself."
    rm -rf "$target.new"
    mkdir -p "$target.new"
    for deb in "$APT"/archives/*.deb; do dpkg -x "$deb" "$target.new" 2>>"$LOG"; done
    rm -f "$APT"/archives/*.deb
    # The C library must be the system's own: it belongs to the running kernel and loader.
    find "$target.new" \( -name 'libc.so.6' -o -name 'libm.so.6' -o -name 'libpthread.so*' -o -name 'libdl.so*' \
        -o -name 'librt.so*' -o -name 'libresolv.so*' -o -name 'libmvec.so*' -o -name 'ld-linux*' \
        -o -name 'libnss_*' \) ! -type d -delete
    mv "$target.new" "$target"
}

# wrap NAME TREE PROGRAM [VARIABLE=VALUE...]: $CACHE/bin/NAME runs the unpacked PROGRAM with its own libraries.
wrap() {
    local name=$1 tree=$2 program=$3 libraries
    shift 3
    libraries=$(find "$tree" -name '*.so*' -path '*/lib/*' -printf '%h\n' | grep -E '/lib/[^/]*-linux-[^/]*(/[^/]*)?$' |
        sort -u | paste -sd:)
    {
        echo '#!/bin/sh'
        echo "# Written by ./dev: a program unpacked into the cache, with the libraries it came with."
        for variable in "$@"; do echo "export $variable"; done
        echo "export LD_LIBRARY_PATH='$libraries'"
        echo "exec '$program' \"\$@\""
    } >"$CACHE/bin/$name.new"
    chmod +x "$CACHE/bin/$name.new"
    mv "$CACHE/bin/$name.new" "$CACHE/bin/$name"
}

codename() { (. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-$SUITE}"); }

# --- Odoo -----------------------------------------------------------------------------------------------------

# Sets ODOO_HOME (for PYTHONPATH) and ODOO_VERSION.
ensure_odoo() {
    if [ -n "${ODOO_SRC:-}" ]; then
        [ -e "$ODOO_SRC/odoo/release.py" ] || die "ODOO_SRC=$ODOO_SRC holds no odoo/release.py." \
            "Point it at the root of an Odoo 19 source checkout."
        ODOO_HOME=$ODOO_SRC
        ODOO_VERSION=$(git -C "$ODOO_SRC" rev-parse --short HEAD 2>/dev/null || cksum <"$ODOO_SRC/odoo/release.py")
        return
    fi
    if [ ! -e "$CACHE/odoo/current/version" ]; then
        private_apt "$SUITE"
        step "downloading Odoo 19 (130 MB)"
        local new=$CACHE/odoo/new version deb
        rm -rf "$new" "$APT"/archives/*.deb
        mkdir -p "$new"
        # The system's own font-awesome, as Debian 12 and 13 have it: version 4.7, whose files Odoo links to.
        (
            cd "$APT/archives" || exit
            APT_CONFIG=$APT/apt.conf apt-get download -q "${ODOO_PACKAGES[@]}" &&
                { apt-get download -q fonts-font-awesome || { as_root apt-get update -q && apt-get download -q fonts-font-awesome; }; }
        ) >>"$LOG" 2>&1 || die "cannot download odoo-19 (see $LOG)." \
            "Is the network up? Else set ODOO_SRC=/path/to/odoo (a checkout of version 19)."
        step "unpacking Odoo 19"
        for deb in "$APT"/archives/*.deb; do dpkg -x "$deb" "$new"; done
        version=$(dpkg-deb -f "$APT"/archives/odoo-19_*.deb Version)
        rm -f "$APT"/archives/*.deb
        echo "$version" >"$new/version"
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
        "$name" -c "import sys, venv$1; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))" 2>/dev/null &&
            PYTHON=$name && return
    done
    return 1
}

# Sets VENV: the packages of requirements.txt.
ensure_python() {
    local version key
    find_python ', ensurepip' || { apt_install python3 python3-venv && find_python ', ensurepip'; } || find_python '' ||
        die "no Python between 3.10 and 3.13." "Install one, or name it: DEV_PYTHON=/path/to/python3.12 ./dev setup"
    version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    key=$(sha256sum <"$ROOT/requirements.txt" | cut -c1-10)
    VENV=$CACHE/venv/$version-$key
    [ ! -e "$VENV/ready" ] || { touch "$VENV/ready" && return; }
    step "installing the Python packages (Python $version)"
    rm -rf "$VENV"
    {
        "$PYTHON" -m venv "$VENV" || without_ensurepip
    } >>"$LOG" 2>&1 &&
        "$VENV/bin/python" -m pip install -q --no-deps -r "$ROOT/requirements.txt" >>"$LOG" 2>&1 ||
        die "pip could not install requirements.txt (see $LOG)." "Is the network up? Then run again."
    touch "$VENV/ready"
}

# Debian ships venv without pip; its wheel is a package that can be unpacked.
without_ensurepip() {
    unpack pip "$(codename)" python3-pip-whl &&
        "$PYTHON" -m venv --clear --without-pip "$VENV" &&
        PYTHONPATH=$(ls "$CACHE"/unpacked/pip/usr/share/python-wheels/pip-*.whl) "$VENV/bin/python" -m pip install -q pip
}

# --- PostgreSQL -----------------------------------------------------------------------------------------------

# Sets PG_BIN: the server's own programs lie outside PATH on Debian.
find_postgresql() {
    local initdb
    initdb=$(find /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
    [ -n "$initdb" ] || initdb=$(command -v initdb) || return 1
    PG_BIN=$(dirname "$initdb")
}

unpack_postgresql() {
    local tree=$CACHE/unpacked/postgresql program
    unpack postgresql "$(codename)" postgresql
    for program in "$tree"/usr/lib/postgresql/*/bin/*; do wrap "$(basename "$program")" "$tree" "$program"; done
}

# As the cluster's owner: ourselves, or for root, whom PostgreSQL refuses, a system user without rights.
as_owner() {
    if [ -z "$PG_OWNER" ]; then "$@"; else runuser -u "$PG_OWNER" -- "$@"; fi
}

# Sets PG_BIN, PG_OWNER and PG_DATA; exports PGHOST, PGPORT and PGUSER.
locate_postgresql() {
    local key place=$CACHE
    find_postgresql || { apt_install postgresql && find_postgresql; } ||
        { unpack_postgresql && find_postgresql; } ||
        die "no PostgreSQL server." "Install one (Debian: apt-get install postgresql)."
    key=$(printf %s "$CACHE" | sha256sum | cut -c1-8)
    PG_OWNER=
    if [ "$(id -u)" = 0 ]; then # its owner cannot enter root's home
        PG_OWNER=$(getent passwd postgres nobody | head -n 1 | cut -d: -f1)
        place=/var/lib/$MODULE/$key
    fi
    PG_DATA=$place/postgresql-$("$PG_BIN/postgres" --version | grep -oE '[0-9]+' | head -n 1)
    export PGHOST=$place/socket PGPORT=5432 PGUSER=odoo
    # A socket's whole path is limited to 107 characters.
    [ ${#PGHOST} -le 80 ] || PGHOST=${XDG_RUNTIME_DIR:-/tmp}/$MODULE-$(id -u)-$key
}

# A private cluster that is running.
ensure_postgresql() {
    locate_postgresql
    "$PG_BIN/pg_isready" -q && return
    if [ ! -e "$PG_DATA/ready" ]; then
        step "creating a private PostgreSQL cluster"
        rm -rf "$PG_DATA"
        mkdir -p "$PG_DATA"
        [ -z "$PG_OWNER" ] || chown "$PG_OWNER" "$(dirname "$PG_DATA")" "$PG_DATA"
        as_owner "$PG_BIN/initdb" -D "$PG_DATA" -U odoo -A trust -E UTF8 --locale=C.UTF-8 >>"$LOG" 2>&1 ||
            die "initdb failed (see $LOG)." "Is there room on the disk of $PG_DATA?"
        # Data that can be made again in minutes: speed before durability. Only the socket's owner can connect.
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
    mkdir -p "$PGHOST" && chmod 700 "$PGHOST"
    [ -z "$PG_OWNER" ] || chown "$PG_OWNER" "$PGHOST"
    # The server outlives this command, so it must hold neither our lock (9) nor our output.
    as_owner "$PG_BIN/pg_ctl" -D "$PG_DATA" -l "$PG_DATA/log" -w -t 60 -o "-k '$PGHOST' -p $PGPORT" start \
        </dev/null >>"$LOG" 2>&1 9>&- ||
        die "PostgreSQL does not start (see $PG_DATA/log)." "Is the disk full, or another server on $PGHOST?"
}

# --- programs -------------------------------------------------------------------------------------------------

ensure_wkhtmltopdf() {
    command -v wkhtmltopdf >/dev/null || apt_install wkhtmltopdf && return
    # Debian 12 is the last to have it.
    local tree=$CACHE/unpacked/wkhtmltopdf
    unpack wkhtmltopdf bookworm wkhtmltopdf
    wrap wkhtmltopdf "$tree" "$tree/usr/bin/wkhtmltopdf" QT_QPA_PLATFORM=offscreen \
        "QT_PLUGIN_PATH='$(dirname "$(find "$tree" -path '*/plugins/platforms' | head -n 1)")'"
}

ensure_chromium() {
    local name tree=$CACHE/unpacked/chromium
    for name in google-chrome chromium chromium-browser; do command -v $name >/dev/null && return; done
    apt_install chromium && return
    unpack chromium "$(codename)" chromium
    wrap chromium "$tree" "$tree/usr/lib/chromium/chromium"
}

ensure_fonts() {
    local tree=$CACHE/unpacked/fonts
    if [ ! -e "$tree" ]; then
        [ -z "$(fc-list :lang=zh-cn 2>/dev/null | head -n 1)" ] || return 0
        apt_install fontconfig fonts-noto-cjk fonts-dejavu-core && return
        unpack fonts "$(codename)" fonts-noto-cjk fonts-dejavu-core fontconfig-config
        cat >"$tree/fonts.conf" <<EOF
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>$tree/usr/share/fonts</dir>
<cachedir>$CACHE/fontconfig</cachedir></fontconfig>
EOF
    fi
    export FONTCONFIG_FILE=$tree/fonts.conf
}
