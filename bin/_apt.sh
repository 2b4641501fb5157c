#!/bin/bash
# Installs Debian packages without leaving a server running or a database cluster made on this machine; needs root.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

policy=/usr/sbin/policy-rc.d
no_cluster=/etc/postgresql-common/createcluster.d/chuanglian.conf
had_redis=$(dpkg-query --show --showformat '${db:Status-Status}' redis-server 2>/dev/null || true)

restore() {
  rm -f "$no_cluster" "$policy"
  [[ ! -e $policy.chuanglian ]] || mv "$policy.chuanglian" "$policy"
  rmdir --ignore-fail-on-non-empty "${no_cluster%/*}" 2>/dev/null || true
}
trap restore EXIT

# Debian's own switches: "start no service now", and "make no cluster for a new server package".
[[ ! -e $policy ]] || mv "$policy" "$policy.chuanglian"
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"
mkdir -p "${no_cluster%/*}"
echo "create_main_cluster = false" >"$no_cluster"

apt-get update -qq -o DPkg::Lock::Timeout=120 || echo "Going on with the package lists that are here."
apt-get install --yes -o DPkg::Lock::Timeout=120 --no-install-recommends -qq "$@"

# A Redis that came with us must not start at the next boot either.
if [[ $had_redis != installed && " $* " == *" redis-server "* ]]; then
  update-rc.d redis-server disable || true
fi
