#!/usr/bin/env bash
# Installs Kinward on one Debian or Ubuntu machine, upgrades it in place, or takes it off again.
#
#   sudo ./install.sh community.example.org      install, or upgrade what is there
#   ./install.sh --dry-run community.example.org say each step, change nothing
#   sudo ./install.sh --uninstall                take it off, keep the practice's data
#
# Everything is inside main, which is called by the last line: a copy that was cut off on its way does nothing.

set -euo pipefail

# Filled in by `make release`: the version that this script installs, where its archives are, and their SHA-256 sums. In a
# checkout they are empty, and the binary is named with --binary, --archive or --url.
pinned_version=''
pinned_url=''
pinned_sums=''

usage() {
	cat <<'TEXT'
Usage: install.sh [DOMAIN…] [options]

Installs Kinward, or upgrades what is there. DOMAIN is the name people type; it must point to this machine. Without one,
Kinward answers on http://127.0.0.1:8090 only, for a proxy with TLS on this machine.

What to install (default: what this script was released with, else the binary beside it):
  --binary FILE        a binary that you built or checked yourself
  --archive FILE       a release archive on this machine; its sum must stand in a SHA256SUMS beside it, or be given
  --sha256 SUM         the archive's SHA-256 sum
  --url URL            folder on the web that holds the archives and their SHA256SUMS
  --version VERSION    which version to fetch from there

How:
  --dry-run            say each step and change nothing
  --unsupported        go on though this is not a system that Kinward was tried on
  --uninstall          take Kinward off; the practice's data, key and settings stay
  --purge              with --uninstall: remove these too, for good
  --yes                ask nothing
  --help               this text
TEXT
}

main() {
	domains=()
	binary='' archive='' sha256='' url=$pinned_url version=$pinned_version
	dry_run='' unsupported='' uninstall='' purge='' yes=''
	parse "$@"
	paths
	if [ -n "$uninstall" ]; then
		uninstall
		return
	fi
	check_machine
	work=$(mktemp -d) stopped=''
	trap tidy EXIT
	trap 'exit 130' INT TERM HUP
	obtain
	if [ -e "$current/kinward" ] || [ -L "$current" ]; then
		upgrade
	else
		install_fresh
	fi
}

parse() {
	while [ $# -gt 0 ]; do
		case $1 in
		--binary | --archive | --sha256 | --url | --version)
			if [ -z "${2-}" ]; then fail "$1 needs a value; see install.sh --help"; fi
			printf -v "${1#--}" '%s' "$2"
			shift
			;;
		--dry-run) dry_run=1 ;;
		--unsupported) unsupported=1 ;;
		--uninstall) uninstall=1 ;;
		--purge) purge=1 ;;
		--yes) yes=1 ;;
		--help | -h) usage && exit 0 ;;
		-*) fail "there is no option $1; see install.sh --help" ;;
		*)
			[[ $1 =~ ^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9-]{2,}$ ]] || fail "$1 is not a domain such as community.example.org"
			domains+=("$1")
			;;
		esac
		shift
	done
	if [ -n "$purge" ] && [ -z "$uninstall" ]; then fail "--purge removes all data and goes with --uninstall only"; fi
}

# Where things are. A release has a folder of its own, and "current" points at the one in use: changing it is one step.
paths() {
	user=kinward
	releases=/usr/local/lib/kinward
	current=$releases/current
	command=/usr/local/bin/kinward
	settings=/etc/kinward
	state=/var/lib/kinward
	units=/etc/systemd/system
	unfinished=$releases/upgrading
	snapshot_file=$state/backups/before-upgrade.tar.gz
}

# --- saying and doing -------------------------------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }
note() { printf 'Note: %s\n' "$*" >&2; }
fail() {
	printf 'install.sh: %s\n' "$*" >&2
	exit 1
}

# step TEXT COMMAND… says what it does and does it, or only says it.
step() {
	if [ -n "$dry_run" ]; then
		say "would: $1"
		return
	fi
	say "$1"
	shift
	"$@"
}

# put MODE GROUP FILE writes its input to FILE in one piece.
put() {
	local mode=$1 group=$2 file=$3
	if [ -n "$dry_run" ]; then
		cat >/dev/null
		say "would: write $file ($mode root:$group)"
		return
	fi
	say "Write $file"
	cat >"$file.new"
	chmod "$mode" "$file.new"
	chown "root:$group" "$file.new"
	mv -f "$file.new" "$file"
}

exists_user() { getent passwd "$user" >/dev/null; }

# --- checks -----------------------------------------------------------------------------------------------------------

check_machine() {
	[ -n "$dry_run" ] || [ "$(id -u)" = 0 ] || fail "this must run as root: sudo ./install.sh"
	case $(uname -m) in
	x86_64) arch=amd64 ;;
	aarch64 | arm64) arch=arm64 ;;
	*) fail "there is no Kinward for the processor $(uname -m), only for x86_64 and aarch64" ;;
	esac
	check_system
	command -v systemctl >/dev/null || fail "Kinward runs under systemd, and there is no systemctl here"
	[ -d /run/systemd/system ] || fail "Kinward runs under systemd, and this machine was not started by it"
	check_room
	[ -e "$current" ] || check_ports
	check_names
}

check_system() {
	local id='' number='' name='' least=''
	[ -r "/etc/os-release" ] || fail "this is neither Debian nor Ubuntu (there is no /etc/os-release)"
	id=$(release_of ID) number=$(release_of VERSION_ID) name=$(release_of PRETTY_NAME)
	case $id in
	debian) least=12 ;;
	ubuntu) least=22.04 ;;
	esac
	if [ -n "$least" ] && [ "$(printf '%s\n%s\n' "$least" "${number:-0}" | sort -V | head -n 1)" = "$least" ]; then return; fi
	[ -n "$unsupported" ] || fail "Kinward is made for Debian 12 or Ubuntu 22.04 and later, and this is ${name:-another system}; --unsupported goes on all the same"
	note "${name:-this system} is not one that Kinward was tried on"
}

release_of() { sed -n "s/^$1=//p" "/etc/os-release" | tr -d '"'"'" | head -n 1; }

check_room() {
	local free memory
	free=$(df -Pm /var/lib | awk 'NR == 2 { print $4 }')
	[ "$free" -ge 1024 ] || fail "/var/lib has $free MB free; Kinward wants 1,024 MB to begin with"
	memory=$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)
	[ "$memory" -ge 400 ] || fail "this machine has $memory MB of memory; Kinward wants 400 MB"
}

check_ports() {
	[ "${#domains[@]}" -gt 0 ] || return 0
	local port
	for port in 80 443; do
		if taken "$port"; then
			fail "port $port is in use by another program; a web server that came with the system is removed with: apt-get remove apache2 nginx"
		fi
	done
}

# taken PORT looks at the kernel's own list, since ss and lsof are not on every machine.
taken() {
	local hex
	hex=$(printf '%04X' "$1")
	{ cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true; } |
		awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }'
}

check_names() {
	local domain
	for domain in ${domains[@]+"${domains[@]}"}; do
		getent ahosts "$domain" >/dev/null || note "$domain does not point anywhere yet. Make an A record for it; Kinward waits and gets its certificate once it does."
	done
}

# --- the binary -------------------------------------------------------------------------------------------------------

# obtain puts a checked binary at $work/kinward and its version into $version.
obtain() {
	local beside
	beside=$(cd "$(dirname "${BASH_SOURCE[0]:-.}")" && pwd)/kinward
	if [ -n "$binary" ]; then
		[ -r "$binary" ] || fail "$binary cannot be read"
		cp "$binary" "$work/kinward"
	elif [ -n "$archive" ]; then
		[ -r "$archive" ] || fail "$archive cannot be read"
		unpack "$archive" "$(sum_for "$archive")"
	elif [ -n "$url" ]; then
		fetch
	elif [ -f "$beside" ]; then
		cp "$beside" "$work/kinward"
	else
		fail "say what to install: --binary FILE, --archive FILE or --url URL; see install.sh --help"
	fi
	chmod 755 "$work/kinward"
	version=$("$work/kinward" version) || fail "this binary does not run here: is it for another processor?"
	[[ $version =~ ^[A-Za-z0-9._+-]+$ ]] || fail "this binary does not say its version"
	release=$releases/$version-$(sha256sum "$work/kinward" | cut -c 1-12)
}

# sum_for FILE prints the sum that the archive must have: as given, as pinned, or as in the SHA256SUMS beside it.
sum_for() {
	local name
	name=$(basename "$1")
	if [ -n "$sha256" ]; then
		say "$sha256"
	elif [ -n "$pinned_sums" ]; then
		listed "$name" <<<"$pinned_sums"
	elif [ -r "$(dirname "$1")/SHA256SUMS" ]; then
		listed "$name" <"$(dirname "$1")/SHA256SUMS"
	fi
}

listed() { awk -v name="$1" '{ sub(/^\*/, "", $2) } $2 == name { print $1 }'; }

# unpack ARCHIVE SUM takes the binary out of an archive, once the sum is right. Without a sum it does not.
unpack() {
	local found
	[[ $2 =~ ^[0-9a-fA-F]{64}$ ]] || fail "there is no SHA-256 sum for $(basename "$1"): nothing was installed. Give it with --sha256, or put SHA256SUMS beside the archive."
	found=$(sha256sum "$1" | cut -d ' ' -f 1)
	[ "$found" = "${2,,}" ] || fail "$(basename "$1") is not what was released (its SHA-256 sum is $found, and should be ${2,,}): nothing was installed. Fetch it again."
	tar -xzf "$1" -C "$work" --strip-components=1 --no-same-owner --wildcards '*/kinward' || fail "$(basename "$1") holds no kinward"
}

fetch() {
	[ -n "$version" ] || fail "say which version to fetch: --version VERSION"
	command -v curl >/dev/null || fail "curl is missing: apt-get install curl"
	local name=kinward-$version-linux-$arch.tar.gz
	say "Fetch $url/$name"
	curl -fsSL --proto '=https,file' --retry 3 -o "$work/$name" "$url/$name" || fail "$url/$name cannot be fetched"
	if [ -z "$pinned_sums" ] && [ -z "$sha256" ]; then
		curl -fsSL --proto '=https,file' --retry 3 -o "$work/SHA256SUMS" "$url/SHA256SUMS" || fail "$url/SHA256SUMS cannot be fetched: nothing was installed"
	fi
	unpack "$work/$name" "$(sum_for "$work/$name")"
}

# --- installing -------------------------------------------------------------------------------------------------------

install_fresh() {
	say "Kinward $version goes to $release, its data to $state, its settings to $settings."
	exists_user || step "Make the system user $user" make_user
	step "Make the folders" make_folders
	place_release
	[ -e "$settings/kinward.env" ] || first_settings | put 640 "$user" "$settings/kinward.env"
	[ -e "$settings/kinward.key" ] || step "Make the practice's key, $settings/kinward.key" make_key
	place_units
	step "Use this release" use "$release"
	step "Start Kinward now and at every boot, and a backup every night" start_all
	[ -n "$dry_run" ] && return
	installed
}

make_user() {
	useradd --system --user-group --no-create-home --home-dir /var/lib/kinward --shell /usr/sbin/nologin "$user"
}

make_folders() {
	install -d -m 755 "$releases" "$units" "$(dirname "$command")"
	install -d -m 750 "$settings"
	chown "root:$user" "$settings"
	install -d -m 700 "$state" "$state/backups"
	chown -h "$user:$user" "$state" "$state/backups"
}

make_key() {
	(umask 077 && head -c 32 /dev/urandom | base64 >"$settings/kinward.key.new")
	chmod 400 "$settings/kinward.key.new"
	chown "$user:$user" "$settings/kinward.key.new"
	mv -n "$settings/kinward.key.new" "$settings/kinward.key"
}

first_settings() {
	cat <<TEXT
# Kinward's settings. After a change: systemctl restart kinward
# One NAME=value a line, without quotes or backslashes; in the relay's URL, other characters than letters and digits
# of user and password are written as %XX.

# The names people type, parted by spaces. Empty: http://127.0.0.1:8090 only, for a proxy with TLS on this machine.
KINWARD_DOMAIN=${domains[*]-}
# For a proxy: KINWARD_PUBLIC_URL=https://community.example.org and KINWARD_TRUSTED_PROXY=127.0.0.1

# The mail relay: smtp://user:password@host:587 (STARTTLS), or with ?tls=implicit for port 465. Empty: as set in the page.
KINWARD_RELAY=

# An age public key (age1…) that backups are encrypted for; make one with: kinward backup --new-identity FILE
KINWARD_BACKUP_RECIPIENT=

KINWARD_BACKUPS=/var/lib/kinward/backups
KINWARD_DIR=/var/lib/kinward/data
KINWARD_KEY_FILE=/etc/kinward/kinward.key
TEXT
}

place_release() {
	step "Put the binary in $release" copy_release
	command_text | put 755 root "$command"
}

copy_release() {
	install -d -m 755 "$release"
	install -m 755 "$work/kinward" "$release/kinward.new"
	mv -f "$release/kinward.new" "$release/kinward"
}

# use RELEASE makes current point at it, in one step.
use() {
	ln -sfn "$(basename "$1")" "$current.new"
	mv -fT "$current.new" "$current"
}

# The command gives the binary the machine's settings. They are read, not run: a value is only text.
command_text() {
	cat <<'TEXT'
#!/bin/sh
# Kinward with the settings of /etc/kinward/kinward.env. What is set already, even to nothing, stays.
settings=/etc/kinward/kinward.env
if [ ! -r "$settings" ]; then
	echo "kinward: $settings can be read by root only: sudo kinward $*" >&2
	exit 1
fi
while IFS= read -r line || [ -n "$line" ]; do
	name=${line%%=*}
	case $name in '' | *[!A-Z0-9_]* | [0-9]*) continue ;; esac
	case $line in *=*) ;; *) continue ;; esac
	eval "set=\${$name+set}"
	[ -n "$set" ] || export "$name=${line#*=}"
done <"$settings"
exec /usr/local/lib/kinward/current/kinward "$@"
TEXT
}

place_units() {
	unit_text | put 644 root "$units/kinward.service"
	backup_unit_text | put 644 root "$units/kinward-backup.service"
	timer_text | put 644 root "$units/kinward-backup.timer"
	step "Tell systemd" systemctl daemon-reload
}

# sandbox is what neither unit needs, taken away.
sandbox() {
	cat <<'TEXT'
User=kinward
Group=kinward
EnvironmentFile=/etc/kinward/kinward.env
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=/var/lib/kinward
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
TEXT
}

unit_text() {
	cat <<'TEXT'
# Written by Kinward's install.sh, which writes it anew at each upgrade. Own changes: systemctl edit kinward
[Unit]
Description=Kinward, the private community of a practice
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=10min
StartLimitBurst=20

[Service]
# It says itself when it answers; a migration may take a while before.
Type=notify
ExecStart=/usr/local/lib/kinward/current/kinward serve
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2s
TimeoutStartSec=10min
TimeoutStopSec=45s
LimitNOFILE=65536

# Ports 80 and 443 without being root, and no other power.
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
TEXT
	sandbox
	cat <<'TEXT'

[Install]
WantedBy=multi-user.target
TEXT
}

backup_unit_text() {
	cat <<'TEXT'
# Written by Kinward's install.sh. Where backups go and how many stay is changed with: systemctl edit kinward-backup
[Unit]
Description=Nightly backup of Kinward
ConditionPathExists=/var/lib/kinward/data/data.db

[Service]
Type=oneshot
ExecStart=/usr/local/lib/kinward/current/kinward backup --out /var/lib/kinward/backups/ --keep 7
Nice=10
CapabilityBoundingSet=
RestrictAddressFamilies=AF_UNIX
TEXT
	sandbox
}

timer_text() {
	cat <<'TEXT'
# Written by Kinward's install.sh.
[Unit]
Description=Nightly backup of Kinward

[Timer]
OnCalendar=*-*-* 02:30
RandomizedDelaySec=30min
Persistent=true

[Install]
WantedBy=timers.target
TEXT
}

start_all() {
	systemctl enable kinward.service kinward-backup.timer
	systemctl start kinward-backup.timer
	systemctl restart kinward.service || fail "Kinward is installed but does not start. What it says: journalctl -u kinward -n 30"
}

installed() {
	say ''
	say "Kinward $version is installed."
	local link
	link=$(journalctl -u kinward.service -o cat -n 50 --no-pager 2>/dev/null | grep -o 'https\?://[^ ]*/setup#[^ ]*' | tail -n 1 || true)
	if [ -n "$link" ]; then
		say "Next: open $link and set up your practice."
	else
		say "Next: open the link that this prints, and set up your practice: journalctl -u kinward -o cat | grep setup"
	fi
	say "Keep a copy of /etc/kinward/kinward.key apart from the backups in /var/lib/kinward/backups."
}

# --- upgrading --------------------------------------------------------------------------------------------------------

# upgrade changes the release under a stopped server, with a snapshot to go back to. Where it fails or is interrupted it goes
# back; where it is killed it leaves the note "upgrading", and the next run goes back first.
upgrade() {
	if [ -e "$unfinished" ]; then step "An earlier upgrade was cut off: go back to where it began" go_back; fi
	before=$(readlink "$current")
	if [ "$before" = "$(basename "$release")" ] && [ -x "$current/kinward" ]; then
		say "Kinward $version is here already; its command and units are written anew."
		place_release
		place_units
		step "Start Kinward" start_all
		return
	fi
	say "Kinward goes from $before to $(basename "$release")."
	if [ "${#domains[@]}" -gt 0 ]; then note "the domains stay as they are in $settings/kinward.env; change them there"; fi
	place_release
	stopped=$before
	step "Stop Kinward" systemctl stop kinward.service
	step "Keep a snapshot of the practice, to go back to" snapshot
	place_units
	step "Use this release" use "$release"
	step "Start Kinward; if it does not get ready, go back to $before and the snapshot" systemctl restart kinward.service
	stopped=''
	[ -n "$dry_run" ] && return
	rm -f "$unfinished"
	start_all
	drop_old_releases
	say "Kinward $version runs. The practice as it was before is in $snapshot_file until the next upgrade."
}

# snapshot keeps the practice as it stands while nothing runs, and notes the release that wrote it. It is plain, since what
# opens an encrypted one should not be on this machine; it stays in a folder that only the service reads.
snapshot() {
	rm -f "$snapshot_file"
	if [ -e "$state/data/data.db" ]; then
		KINWARD_BACKUP_RECIPIENT='' KINWARD_BACKUP_PASSPHRASE='' released "$before" backup --out "$snapshot_file" >"$work/said" 2>&1 ||
			fail "no snapshot could be made, so nothing was changed: $(tail -n 1 "$work/said")"
		chown -h "$user:$user" "$snapshot_file"
	fi
	say "$before" >"$unfinished.new"
	mv -f "$unfinished.new" "$unfinished"
}

# released RELEASE ARGUMENT… runs that release's binary with this machine's settings.
released() {
	sed "s|/current/|/$1/|" "$command" >"$work/command"
	sh "$work/command" "${@:2}"
}

# tidy runs at the end, however it comes. A server that was stopped for an upgrade runs again afterwards.
tidy() {
	local code=$?
	trap - EXIT INT TERM HUP
	if [ -n "$stopped" ] && [ -z "$dry_run" ]; then
		if [ -e "$unfinished" ]; then
			say "The new release does not get ready: $(journalctl -u kinward.service -o cat -n 1 --no-pager 2>/dev/null || true)" >&2
			go_back
			say "install.sh: the upgrade was taken back; Kinward runs as before" >&2
		else
			systemctl start kinward.service || true
		fi
	fi
	rm -rf "$work"
	exit "$code"
}

# go_back puts the snapshot in place and then the release before, in that order: when this is killed in between, the new release
# brings the snapshot forward again, where the old one would refuse what the new one had changed.
go_back() {
	local old kept
	old=$(cat "$unfinished")
	systemctl stop kinward.service || true
	if [ -e "$snapshot_file" ]; then
		kept=$(released "$old" restore --json "$snapshot_file" | sed -n 's/.*"kept":"\([^"]*\)".*/\1/p') ||
			fail "the snapshot cannot be put back; do it by hand: kinward restore $snapshot_file"
		say "What the new release left is in $kept."
	fi
	use "$releases/$old"
	systemctl restart kinward.service || fail "Kinward does not start as before either; what it says: journalctl -u kinward -n 30"
	rm -f "$unfinished"
}

# drop_old_releases leaves the one in use and the one before.
drop_old_releases() {
	local folder
	for folder in "$releases"/*/; do
		case $(basename "$folder") in
		current | "$before" | "$(basename "$release")") ;;
		*) rm -rf "$folder" ;;
		esac
	done
}

# --- taking it off ----------------------------------------------------------------------------------------------------

uninstall() {
	[ -n "$dry_run" ] || [ "$(id -u)" = 0 ] || fail "this must run as root: sudo ./install.sh --uninstall"
	if [ -n "$purge" ] && [ -z "$yes" ] && [ -z "$dry_run" ]; then
		[ -t 0 ] || fail "--purge removes every member, post and backup for good; add --yes if you mean it"
		local answer
		read -r -p "This removes every member, post and backup of the practice, for good. Type purge to go on: " answer
		[ "$answer" = purge ] || fail "nothing was removed"
	fi
	if [ -e "$units/kinward.service" ]; then
		step "Stop Kinward, now and at boot" stop_all
	fi
	step "Remove the program and its units" remove "$releases" "$command" "$units"/kinward{.service,-backup.service,-backup.timer}
	step "Tell systemd" systemctl daemon-reload
	if [ -z "$purge" ]; then
		say "Kinward is off. The practice is kept: data and backups in /var/lib/kinward, key and settings in /etc/kinward."
		say "Next: run install.sh again to bring it back, or install.sh --uninstall --purge to remove it for good."
		return
	fi
	step "Remove data, backups, key and settings" remove "$state" "$settings" /var/lib/systemd/timers/stamp-kinward-backup.timer
	if exists_user; then step "Remove the user $user" remove_user; fi
	say "Kinward and everything it kept are gone from this machine. Backups elsewhere are not."
}

stop_all() {
	systemctl stop kinward.service kinward-backup.timer || true
	systemctl disable kinward.service kinward-backup.timer || true
}

remove() { rm -rf -- "$@"; }

remove_user() {
	userdel "$user"
}

main "$@"
