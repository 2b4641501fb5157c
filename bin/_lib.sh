# Shared by bin/up, bin/test and bin/bench: sourced, never run.
# shellcheck shell=bash disable=SC2034,SC2119
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
SELF=bin/${0##*/}
cd "$ROOT"
[[ -e /dev/fd/0 ]] || exec </dev/null

UV_VERSION=0.13.9
PACKAGES=(
  python3 python3-venv postgresql redis-server                  # the parts that run
  libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0          # WeasyPrint draws with them
  fonts-noto-cjk fonts-noto-cjk-extra                           # and sets Chinese with these
  libmagic1                                                     # tells what an upload really is
  gettext                                                       # compiles the translations
)
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
export UV_PROJECT_ENVIRONMENT=${UV_PROJECT_ENVIRONMENT:-$ROOT/.venv}
unset PYTHONDONTWRITEBYTECODE  # every process would compile three thousand modules anew, at three seconds each
[[ ! -e /etc/ssl/certs/ca-certificates.crt ]] || export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true}  # a house's own authority, too
VENV=$UV_PROJECT_ENVIRONMENT/bin
unset VIRTUAL_ENV DATABASE_URL_FILE DATABASE_OWNER_URL_FILE REDIS_URL_FILE SECRET_KEY_FILE FIELD_KEYS_FILE  # a file would win over what we export

# --- words -------------------------------------------------------------------------------------

say() { printf '  %s\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "$SELF" "$*" >&2
  exit 1
}

usage() { sed -n '2,/^$/s/^# \{0,1\}//p' "$SELF"; }

# step TEXT COMMAND…: says TEXT, runs COMMAND into the set-up log, and shows the log's end when it fails.
step() {
  local text=$1
  shift
  say "$text"
  printf '\n== %s\n' "$text" >>"$LOGS/setup.log"
  foreground "$@" </dev/null >>"$LOGS/setup.log" 2>&1 && return
  tail -n 25 "$LOGS/setup.log" >&2
  die "failed: $text. The whole story is in $LOGS/setup.log"
}

# --- this run ----------------------------------------------------------------------------------

# claim HOME: makes HOME (data, ports, secrets and logs of this run) and holds it for as long as anything of ours lives.
claim() {
  HOME_DIR=$ROOT/$1 LOGS=$ROOT/$1/log
  mkdir -p "$LOGS" "$HOME_DIR/ports" "$HOME_DIR/stamps" 2>/dev/null || true
  if [[ ! -w $HOME_DIR || ! -O $LOGS ]]; then
    die "$HOME_DIR cannot be used: it belongs to $(stat -c %U "$HOME_DIR" 2>/dev/null || echo nobody). Be that user, or remove it"
  fi
  ((EUID)) || chmod o+x "$ROOT/var" "$HOME_DIR"
  exec 9>>"$HOME_DIR/lock"
  if ! flock --nonblock 9; then
    [[ ${2-} == --end-the-other ]] || die "already running here (process $(<"$HOME_DIR/pid")); end that one first"
    say "Ending the one that runs (process $(<"$HOME_DIR/pid"))"
    kill "$(<"$HOME_DIR/pid")" 2>/dev/null || true
    flock --wait 60 9 || die "process $(<"$HOME_DIR/pid") does not end"
  fi
  echo $$ >"$HOME_DIR/pid"
  : >"$LOGS/setup.log"
  export PORTAL_VAR=$HOME_DIR
  mkdir -p "$ROOT/var/fonts"
  [[ -e $HOME_DIR/fonts ]] || ln -s ../fonts "$HOME_DIR/fonts"
  trap 'stop_everything' EXIT
  trap 'interrupted INT 130' INT
  trap 'interrupted TERM 143' TERM HUP
}

# changed NAME COMMAND…: whether the output of COMMAND differs from that of the last `unchanged NAME`.
changed() {
  local name=$1
  shift
  "$@" | sha256sum >"$HOME_DIR/stamps/$name.new"
  ! cmp -s "$HOME_DIR/stamps/$name.new" "$HOME_DIR/stamps/$name"
}

unchanged() { mv "$HOME_DIR/stamps/$1.new" "$HOME_DIR/stamps/$1"; }

# --- processes ---------------------------------------------------------------------------------

NAMES=()            # services in the order of their start
declare -A PID ENDING
CHILD=

# foreground COMMAND…: waits for it while still hearing signals; it ends with us.
foreground() {
  local status=0
  env --default-signal=INT,QUIT setpriv --pdeathsig TERM "$@" <&0 &
  CHILD=$!
  wait "$CHILD" || status=$?
  CHILD=
  return "$status"
}

# dropped USER: the words before a command that make it run as USER, whoever we are.
dropped() {
  printf 'env --chdir=/ setpriv'
  ((EUID)) || printf -- ' --reuid=%s --regid=%s --init-groups' "$1" "$(id -g "$1")"
}

# service NAME USER SIGNAL COMMAND…: starts it as USER (- is ourselves) in a session of its own, so that Ctrl-C
# reaches us and not it; SIGNAL ends it: sent by us in our order, or by the system if we are killed.
service() {
  local name=$1 user=$2 signal=$3 words=(setpriv)
  shift 3
  # shellcheck disable=SC2207
  [[ $user == - ]] || words=($(dropped "$user"))
  [[ ${PID[$name]-} ]] || NAMES+=("$name")
  setsid "${words[@]}" --pdeathsig "$signal" "$@" </dev/null >"$LOGS/$name.log" 2>&1 &
  PID[$name]=$! ENDING[$name]=$signal
}

alive() { kill -0 "${PID[$1]}" 2>/dev/null; }

# until_true SECONDS NAME COMMAND…: repeats COMMAND until it succeeds; fails at once when service NAME has ended.
until_true() {
  local end=$((SECONDS + $1)) name=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! alive "$name" || ((SECONDS >= end)); then
      tail -n 25 "$LOGS/$name.log" >&2
      die "$name did not come up; its log is $LOGS/$name.log"
    fi
    sleep 0.1
  done
}

stop_service() {
  local pid=${PID[$1]} patience=100
  kill -s "${ENDING[$1]}" "$pid" 2>/dev/null || true
  while alive "$1" && ((patience--)); do sleep 0.1; done
  kill -s KILL -- "-$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# forget NAME: it has ended as it should.
forget() {
  local name kept=()
  for name in "${NAMES[@]}"; do [[ $name == "$1" ]] || kept+=("$name"); done
  NAMES=("${kept[@]}")
  unset "PID[$1]"
}

# finish NAME SENTENCE: wait for what `changed NAME` began in the background; SENTENCE is what we die of when it failed.
finish() {
  [[ ${PID[$1]-} ]] || return 0
  wait "${PID[$1]}" || { tail -n 25 "$LOGS/$1.log" >&2; die "$2"; }
  forget "$1"
  unchanged "$1"
}

stop_everything() {
  trap '' INT TERM HUP
  if [[ $CHILD ]]; then
    kill -s TERM "$CHILD" 2>/dev/null || true
    wait "$CHILD" 2>/dev/null || true
  fi
  local i
  for ((i = ${#NAMES[@]} - 1; i >= 0; i--)); do stop_service "${NAMES[i]}"; done
  NAMES=()
}

# A terminal sends Ctrl-C to the command in the foreground as well: let that one end by itself first.
interrupted() {
  if [[ $1 == INT && $CHILD && -t 0 ]]; then wait "$CHILD" 2>/dev/null || true; fi
  exit "$2"
}

# --- machine -----------------------------------------------------------------------------------

missing_packages() {
  comm -23 <(printf '%s\n' "$@" | sort) \
    <(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p' | sort)
}

# packages NAME…: installs what Debian still lacks, or says in one sentence what to do.
packages() {
  command -v dpkg-query >/dev/null || { say "Not a Debian: these must be there in some way: $*"; return; }
  local wanted=() root=() missing package
  for package; do
    case $package in
      postgresql) [[ ${DATABASE_URL-} ]] || pg_bin >/dev/null || wanted+=("$package") ;;
      redis-server) [[ ${REDIS_URL-} ]] || wanted+=("$package") ;;
      *) wanted+=("$package") ;;
    esac
  done
  missing=$(missing_packages "${wanted[@]}" | paste -sd ' ')
  [[ $missing ]] || return 0
  if ((EUID == 0)); then
    root=(env)
  elif sudo -n true 2>/dev/null; then
    root=(sudo -n)
  else
    die "these Debian packages are missing: $missing. Install them with: sudo apt-get install --no-install-recommends $missing"
  fi
  # shellcheck disable=SC2086
  step "Installing Debian packages: $missing" "${root[@]}" "$ROOT/bin/_apt.sh" $missing
}

# python_packages [UV SYNC OPTION…]: what uv.lock says, in .venv.
python_packages() {
  local uv
  uv=$(command -v uv || true)
  if [[ ! $uv ]]; then
    uv=$ROOT/var/tools/bin/uv
    [[ $("$uv" --version 2>/dev/null) == "uv $UV_VERSION"* ]] || {
      step "Installing uv" python3 -m venv "$ROOT/var/tools"
      step "Installing uv $UV_VERSION" "$ROOT/var/tools/bin/pip" install --quiet --disable-pip-version-check "uv==$UV_VERSION"
    }
    export PATH=$PATH:${uv%/*}
  fi
  step "Python packages" "$uv" sync --frozen --quiet "$@"
}

# translations: compiles every catalogue that is newer than its compiled form.
translations() {
  local po mo
  for po in */locale/*/LC_MESSAGES/*.po; do
    mo=${po%.po}.mo
    [[ -e $po && ! $mo -nt $po ]] || continue
    step "Translations: $po" msgfmt --check-format --output-file "$mo.new" "$po"
    mv "$mo.new" "$mo"
  done
}

manage() { step "$1" "$VENV/python" manage.py "${@:2}" --skip-checks; }

font_sources() {
  cat reports/fonts.py uv.lock
  dpkg-query --show fonts-noto-cjk fonts-noto-cjk-extra 2>/dev/null || true
}

# begin_fonts, finish_fonts: cut those of the PDF reports when what they are cut from has changed; that takes a minute
# of one core, so that the rest goes on meanwhile.
begin_fonts() {
  if changed fonts font_sources || ! compgen -G "$PORTAL_VAR/fonts/*.otf" >/dev/null; then
    say "Fonts of the reports, meanwhile:"
    service fonts - TERM "$VENV/python" manage.py fonts --skip-checks
  fi
}

finish_fonts() { finish fonts "the fonts of the reports could not be cut"; }

# --- our own PostgreSQL and Redis --------------------------------------------------------------

secret() {
  [[ -s $HOME_DIR/$1 ]] || (umask 077 && od -An -v -w64 -N32 -tx1 /dev/urandom | tr -d ' \n' >"$HOME_DIR/$1")
  echo "$(<"$HOME_DIR/$1")"
}

# port NAME [FIRST]: the port of 127.0.0.1 that NAME had last time, unless another program took it meanwhile.
port() {
  python3 - "$HOME_DIR/ports/$1" "${2-}" <<'PY'
import pathlib, random, socket, sys

def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

file, first = pathlib.Path(sys.argv[1]), sys.argv[2]
last = [int(file.read_text())] if file.exists() else []
fresh = range(int(first), int(first) + 1000) if first else random.sample(range(20000, 30000), 1000)
port = next(port for port in [*last, *fresh] if is_free(port))
file.write_text(str(port))
print(port)
PY
}

# server_user NAME: whom a server runs as; root's rights are for none.
server_user() {
  if ((EUID)); then id -un; elif id "$1" >/dev/null 2>&1; then echo "$1"; else echo nobody; fi
}

# data_home: where the servers keep their data. A server without root's rights cannot pass a closed directory
# (a checkout under /root): then it is one under /var/tmp, which HOME_DIR/data-home names.
data_home() {
  local note=$HOME_DIR/data-home
  if [[ ! -s $note || ! -d $(<"$note") ]]; then
    if $(dropped "$(server_user postgres)") test -x "$HOME_DIR"; then
      echo "$HOME_DIR" >"$note"
    else
      mktemp -d /var/tmp/chuanglian-XXXXXXXX >"$note"
      chmod 711 "$(<"$note")"
    fi
  fi
  echo "$(<"$note")"
}

# own_dir USER PATH: an empty directory that only USER reads.
own_dir() {
  rm -rf "$2"
  mkdir -m 700 "$2"
  ((EUID)) || chown "$1:" "$2"
}

# pg_bin [DATA]: the directory of PostgreSQL's programs: those that made DATA, else the newest.
pg_bin() {
  local made_by found
  made_by=$(cat "${1-}/PG_VERSION" 2>/dev/null || echo '*')
  found=$(compgen -G "/usr/lib/postgresql/$made_by/bin/postgres" | sort -V | tail -n 1 || true)
  [[ $found ]] || found=$(command -v postgres) || return 1
  dirname "$found"
}

start_postgres() {
  local data user port bin
  data=$(data_home)/pg
  user=$(server_user postgres)
  port=$(port postgres)
  bin=$(pg_bin "$data") || die "no PostgreSQL server program found"
  if [[ ! -e $data/PG_VERSION ]]; then
    own_dir "$user" "$data.new"
    (umask 077 && secret postgres.password >"$data.new.password")
    ((EUID)) || chown "$user:" "$data.new.password"
    # shellcheck disable=SC2046
    step "Making a PostgreSQL of our own in $data" $(dropped "$user") "$bin/initdb" --pgdata "$data.new" --username portal \
      --pwfile "$data.new.password" --auth scram-sha-256 --data-checksums --encoding UTF8 --locale C.UTF-8
    rm -rf "$data.new.password" "$data"
    mv "$data.new" "$data"
  fi
  # A refused statement would stand in the log with the person's data in it.
  service postgres "$user" INT "$bin/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c log_min_error_statement=panic -c log_error_verbosity=terse "$@"
  export PGHOST=127.0.0.1 PGPORT=$port PGUSER=portal PGDATABASE=portal
  PGPASSWORD=$(secret postgres.password)
  export PGPASSWORD
  until_true 60 postgres psql --dbname postgres --command 'SELECT 1'
  [[ $(psql --dbname postgres -tAc "SELECT 1 FROM pg_database WHERE datname = 'portal'") ]] || createdb portal
  export DATABASE_URL=postgres://portal:$PGPASSWORD@127.0.0.1:$port/portal
}

# separate_roles: from here on everything works as a role that can only append to the audit trail; `migrate` and its
# like still find the owner. Only on a PostgreSQL of our own: who brings one brings its roles, too.
separate_roles() {
  [[ ${PID[postgres]-} ]] || return 0
  export DATABASE_OWNER_URL=$DATABASE_URL
  export DATABASE_URL=postgres://portal_app:$(secret postgres-app.password)@127.0.0.1:$PGPORT/portal
  export DATABASE_READER_URL=postgres://portal_auditor:$(secret postgres-auditor.password)@127.0.0.1:$PGPORT/portal
  manage "Roles of the database" database_roles
}

start_redis() {
  local data user port
  data=$(data_home)/redis
  user=$(server_user redis)
  port=$(port redis)
  [[ -d $data ]] || own_dir "$user" "$data"
  (
    umask 077
    cat >"$data/redis.conf" <<CONF
bind 127.0.0.1
port $port
dir $data
requirepass $(secret redis.password)
appendonly yes
databases 64
CONF
  )
  ((EUID)) || chown "$user:" "$data/redis.conf"
  service redis "$user" TERM redis-server "$data/redis.conf"
  until_true 60 redis env REDISCLI_AUTH="$(secret redis.password)" redis-cli -h 127.0.0.1 -p "$port" --raw -e ping
  REDIS_URL=redis://:$(secret redis.password)@127.0.0.1:$port/0
  export REDIS_URL
}

# servers [POSTGRES OPTION…]: PostgreSQL and Redis, unless the environment names some.
servers() {
  [[ ${DATABASE_URL-} ]] || start_postgres "$@"
  [[ ${REDIS_URL-} ]] || start_redis
}

# stay: until a service ends by itself. Redis only wakes others up: it is started again, and they find it.
# It looks each second: `wait -n` never tells of a service that ended while something else was waited for.
stay() {
  local name
  while true; do
    for name in "${NAMES[@]}"; do
      alive "$name" && continue
      [[ $name == redis ]] || die "$name ended by itself; its log is $LOGS/$name.log"
      say "redis ended by itself and is started again; its last log is $LOGS/redis.log.old"
      mv "$LOGS/redis.log" "$LOGS/redis.log.old"
      start_redis
    done
    sleep 1 &
    wait $! || true
  done
}

# wipe: forgets the data of this run's own servers and files.
wipe() {
  local home
  home=$(data_home)
  rm -rf "$home/pg" "$home/redis" "${HOME_DIR:?}"/{media,mail,anchor,celerybeat-schedule*,stamps/migrations}
}
