#!/usr/bin/env bash
# Tries install.sh for real: boots systemd in a copy of this machine that is thrown away (an overlay in memory, with a network
# of its own that reaches nothing), installs, upgrades, breaks and removes Kinward there, and looks at what came of it.
# Needs root, systemd-nspawn, a kernel with overlayfs, and Go.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

outside() {
	if [ "$(id -u)" != 0 ]; then exec sudo --preserve-env=PATH,GOTOOLCHAIN,GOPATH,GOCACHE "$0" "$@"; fi
	export GOTOOLCHAIN=auto
	machine=$(mktemp -d)
	trap clear_away EXIT
	mount -t tmpfs -o mode=755 tmpfs "$machine"
	mkdir "$machine/upper" "$machine/work" "$machine/root"
	mount -t overlay overlay -o "lowerdir=/,upperdir=$machine/upper,workdir=$machine/work" "$machine/root"

	local here=$machine/root/kinward-test
	mkdir "$here"
	cp install.sh install_test.sh "$here/"
	build 1.0.0 "$here"
	release 1.1.0 "$here"
	(cd "$here" && sha256sum ./*.tar.gz | sed 's|\./||' >SHA256SUMS)
	unit >"$machine/root/etc/systemd/system/kinward-test.service"
	timeout 600 systemd-nspawn --quiet --directory="$machine/root" --boot --register=no --keep-unit --private-network \
		--link-journal=no --console=pipe --machine="kinward-test-$$" -- systemd.unit=kinward-test.service >"$machine/boot" 2>&1 </dev/null || true
	cat "$here/said" 2>/dev/null || { cat "$machine/boot"; exit 1; }
	[ "$(cat "$here/result" 2>/dev/null)" = passed ]
}

clear_away() {
	umount -l "$machine/root" "$machine" || true
	rmdir "$machine"
}

# build VERSION FOLDER makes a release archive such as `make release` does.
build() {
	local name
	name=kinward-$1-linux-$(go env GOARCH)
	mkdir -p "$2/$name/kinward-linux"
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X kinward/hooks/cli.Version=$1" -o "$2/$name/kinward-linux/kinward" .
	tar -C "$2/$name" -czf "$2/$name.tar.gz" kinward-linux
	mv "$2/$name/kinward-linux/kinward" "$2/kinward-$1"
	rm -r "${2:?}/$name"
}

# release VERSION FOLDER makes a release with `make release`, in FOLDER/web, and looks whether its archives are what they are said to be.
release() {
	local arch machine_code
	make -s release "VERSION=$1" "DIST=$2/web" RELEASE_URL=file:///kinward-test/web >/dev/null
	(cd "$2/web" && sha256sum --quiet --check SHA256SUMS)
	for arch in amd64 arm64; do
		tar -xzOf "$2/web/kinward-$1-linux-$arch.tar.gz" --wildcards '*/kinward' >"$2/one"
		machine_code=$(od -An -t u2 -j 18 -N 2 "$2/one" | tr -d ' ') # e_machine of the ELF header (elf(5)): 62 is amd64, 183 is arm64
		[ "$arch $machine_code" = "amd64 62" ] || [ "$arch $machine_code" = "arm64 183" ] || { echo "the binary of $arch is for $machine_code"; exit 1; }
		if grep -aq /ld-linux "$2/one"; then echo "the binary of $arch is not static"; exit 1; fi
	done
	rm "$2/one"
	cp "$2/web/kinward-$1-linux-$(go env GOARCH).tar.gz" "$2/"
}

unit() {
	cat <<'TEXT'
[Unit]
Requires=basic.target
After=basic.target
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/kinward-test/install_test.sh --inside
StandardOutput=file:/kinward-test/said
StandardError=inherit
TEXT
}

# --- inside the machine that is thrown away -----------------------------------------------------------------------------

passed=0 failed=0

# check TEXT COMMAND… counts whether the command succeeds.
check() {
	local text=$1
	shift
	if "$@" >/tmp/check 2>&1; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	printf 'FAILED: %s\n' "$text"
	sed 's/^/    /' /tmp/check | tail -n 12
}

# refused TEXT WORDS ARGUMENT… checks that install.sh fails, says those words, and changes nothing.
refused() { untouched "it ended" "$@"; }

# dry TEXT WORDS ARGUMENT… checks that install.sh succeeds, says those words, and changes nothing.
dry() { untouched "it went on" "$@"; }

untouched() {
	local end=$1 text=$2 words=$3
	shift 3
	tree >/tmp/before
	if ./install.sh "$@" >/tmp/refused 2>&1; then echo "it went on" >>/tmp/refused; else echo "it ended" >>/tmp/refused; fi
	tree >/tmp/after
	check "$text: $end" grep -qx "$end" /tmp/refused
	check "$text: it says so" grep -e "$words" /tmp/refused
	check "$text: nothing changed" diff /tmp/before /tmp/after
}

# tree lists all that an installation could change, with its owner, mode, size and time. Of what a running server writes in
# its data folder it lists the names, but for the locks that it takes and leaves by itself.
tree() {
	find /etc /usr/local /opt /var/lib -xdev \( -path /var/lib/systemd -o -path /etc/mtab -o -path /var/lib/private \
		-o -path /var/lib/kinward/data/certificates/locks \) -prune \
		-o -path '/var/lib/kinward/data*' -printf '%p %M %u:%g\n' -o -printf '%p %M %u:%g %s %T@ %l\n' | sort
}

not() { ! "$@"; }
is() { [ "$1" = "$2" ] || { echo "it is $1, not $2"; return 1; }; }
mode() { is "$(stat -c '%U:%G %a' "$1")" "$2"; }
serves() { is "$(systemctl show -P ActiveState kinward)" active && is "$(/usr/local/bin/kinward version)" "$1"; }
members() { is "$(kinward backup --json --out "/tmp/$RANDOM$RANDOM.tar.gz" 2>/dev/null | sed 's/.*"members":\([0-9]*\).*/\1/')" "$1"; }
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
process_user() { is "$(stat -c %U "/proc/$(systemctl show -P MainPID kinward)")" kinward; }

inside() {
	cd /kinward-test
	export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	local suite
	for suite in before_anything a_first_install what_it_left an_upgrade a_bad_release a_killed_upgrade commands_of_root taking_it_off; do
		"$suite" || { failed=$((failed + 1)); echo "FAILED: $suite ended early"; }
	done
	[ "$failed" = 0 ] && echo passed >result
	printf '%s passed, %s failed\n' "$passed" "$failed"
}

before_anything() {
	local archive
	archive=$(echo kinward-1.0.0-linux-*.tar.gz)
	dry "A dry run" "would: write /etc/systemd/system/kinward.service" --dry-run --archive "$archive" community.example.org
	cp "$archive" /tmp/ && printf x >>"/tmp/$archive" && cp SHA256SUMS /tmp/
	refused "A changed archive" "is not what was released" --archive "/tmp/$archive"
	refused "An archive with another's sum" "is not what was released" --archive "$archive" --sha256 "$(printf %064d 0)"
	rm /tmp/SHA256SUMS
	refused "An archive without a sum" "there is no SHA-256 sum" --archive "/tmp/$archive"
	mkdir /tmp/web && cp "/tmp/$archive" SHA256SUMS /tmp/web/
	refused "A changed archive from the web" "is not what was released" --url file:///tmp/web --version 1.0.0
	rm /tmp/web/SHA256SUMS
	refused "A web folder without sums" "cannot be fetched" --url file:///tmp/web --version 1.0.0
	refused "A binary for nothing" "does not run here" --binary SHA256SUMS
	refused "No source" "say what to install"
	refused "A name that is none" "is not a domain" 'example.org;reboot'
	refused "Purge alone" "goes with --uninstall" --purge
	check "Another user is refused" not setpriv --reuid=nobody --regid=nogroup --clear-groups ./install.sh --archive "$archive"

	tree >/tmp/before
	head -c $(($(wc -c <install.sh) - 20)) install.sh | bash 2>/dev/null || true
	tree >/tmp/after
	check "A script that was cut off does nothing" diff /tmp/before /tmp/after

	./kinward-1.0.0 serve --dir /tmp/other/data --http 0.0.0.0:80 >/tmp/other.log 2>&1 &
	until listens 80; do kill -0 $! || break; done
	refused "A port in use" "port 80 is in use" --archive "$archive" community.example.org
	kill $!
	wait $! || true
}

a_first_install() {
	./install.sh --archive kinward-1.0.0-linux-*.tar.gz community.example.org >/tmp/said 2>&1 || { cat /tmp/said; journalctl -u kinward -o cat -n 8 --no-pager; return 1; }
	check "It says that the name points nowhere yet" grep "community.example.org does not point anywhere yet" /tmp/said
	check "It prints the link to set up" grep "Next: open https://community.example.org/setup#" /tmp/said
	check "1.0.0 runs" serves 1.0.0
	check "as a user of its own" process_user
	check "Port 80 answers" listens 80
	check "Port 443 answers" listens 443
	check "It starts at boot" systemctl is-enabled kinward.service
	check "The nightly backup is on" systemctl is-active kinward-backup.timer
	check "Set-up through the command, by root" set_up
	check "One member" members 1
}

set_up() {
	systemctl stop kinward &&
		KINWARD_PASSWORD='a long enough pass phrase' kinward setup --practice "Riverside Family Practice" --phone 555-0100 \
			--name "Dr. Ana Ruiz" --email ana@example.org && systemctl start kinward
}

what_it_left() {
	check "The units are right" systemd-analyze verify kinward.service kinward-backup.service kinward-backup.timer
	systemd-analyze security --no-pager kinward.service | tail -n 1
	check "Exposure at most 2.0" exposure 2.0
	check "The data folder is closed" mode /var/lib/kinward/data "kinward:kinward 700"
	check "The database is closed" mode /var/lib/kinward/data/data.db "kinward:kinward 600"
	check "The backups are closed" mode /var/lib/kinward/backups "kinward:kinward 700"
	check "The key is the service's to read" mode /etc/kinward/kinward.key "kinward:kinward 400"
	check "and its folder is root's" mode /etc/kinward "root:kinward 750"
	check "The settings are root's to write" mode /etc/kinward/kinward.env "root:kinward 640"
	check "All files in the folder are the service's" is "$(find /var/lib/kinward ! -user kinward)" ""
	check "Others cannot read the settings" not setpriv --reuid=nobody --regid=nogroup --clear-groups kinward version
	check "The nightly backup works" systemctl start kinward-backup.service
	check "and leaves one file" is "$(find /var/lib/kinward/backups -name 'kinward-*.tar.gz' -user kinward -perm 600 | wc -l)" 1
	check "The same again is fine" ./install.sh --archive kinward-1.0.0-linux-*.tar.gz
	check "and 1.0.0 still runs" serves 1.0.0
}

exposure() {
	systemd-analyze security --no-pager kinward.service | awk -v most="$1" '/Overall exposure/ { for (i = 1; i <= NF; i++) if ($i ~ /^[0-9.]+$/) found = $i } END { exit !(found != "" && found <= most) }'
}

an_upgrade() {
	dry "A dry run of an upgrade" "would: Keep a snapshot" --dry-run --archive kinward-1.1.0-linux-*.tar.gz
	check "and leaves 1.0.0 running" serves 1.0.0
	cp -r web /tmp/changed && (cd /tmp/changed && printf x | tee -a kinward-*.tar.gz >/dev/null && sha256sum ./*.tar.gz | sed 's|\./||' >SHA256SUMS)
	check "A changed release with sums of its own is refused" not /tmp/changed/install.sh --url file:///tmp/changed
	check "and leaves 1.0.0 running" serves 1.0.0
	check "An upgrade, by the installer that came with the release" web/install.sh
	check "1.1.0 runs" serves 1.1.0
	check "with its member" members 1
	check "The snapshot is there" test -s /var/lib/kinward/backups/before-upgrade.tar.gz
	check "Nothing is left unfinished" not test -e /usr/local/lib/kinward/upgrading
}

# bad VERSION WAY makes a release that destroys the practice when it starts, and then ends or hangs.
bad() {
	cat >"/tmp/kinward-$1" <<TEXT
#!/bin/sh
case \$1 in version) echo $1 && exit ;; serve) ;; *) exit 1 ;; esac
echo ruined >/var/lib/kinward/data/data.db
$2
TEXT
	chmod +x "/tmp/kinward-$1"
}

a_bad_release() {
	bad 2.0.0 'exit 1'
	check "A release that does not start is refused" not ./install.sh --binary /tmp/kinward-2.0.0
	check "1.1.0 runs again" serves 1.1.0
	check "with its member" members 1
	check "Its files are the service's" is "$(find /var/lib/kinward ! -user kinward)" ""
	check "Nothing is left unfinished" not test -e /usr/local/lib/kinward/upgrading
}

a_killed_upgrade() {
	bad 3.0.0 'touch /tmp/started; exec sleep 600'
	setsid ./install.sh --binary /tmp/kinward-3.0.0 >/tmp/said 2>&1 &
	until grep -q ruined /var/lib/kinward/data/data.db 2>/dev/null; do kill -0 $! || break; done
	kill -KILL -- -$! || kill -KILL $!
	wait $! || true
	check "It was killed in the middle" test -e /usr/local/lib/kinward/upgrading
	check "The next run goes back, then on" ./install.sh --archive kinward-1.1.0-linux-*.tar.gz
	check "1.1.0 runs again" serves 1.1.0
	check "with its member" members 1
	check "Nothing is left unfinished" not test -e /usr/local/lib/kinward/upgrading

	bad 4.0.0 'exec sleep 600'
	setsid ./install.sh --binary /tmp/kinward-4.0.0 >/tmp/said 2>&1 &
	until grep -q ruined /var/lib/kinward/data/data.db 2>/dev/null; do kill -0 $! || break; done
	kill -TERM -- -$!
	wait $! || true
	check "Interrupted, it goes back by itself" serves 1.1.0
	check "with its member" members 1
}

commands_of_root() {
	check "A backup into root's own folder" kinward backup --out /root/copy.tar.gz
	check "A restore while it serves is refused" not kinward restore /root/copy.tar.gz
	check "it still serves" serves 1.1.0
	systemctl stop kinward
	check "A backup while it is stopped" kinward backup --out /root/stopped.tar.gz
	check "A restore" kinward restore /root/copy.tar.gz
	check "Its files are the service's" is "$(find /var/lib/kinward ! -user kinward)" ""
	check "It starts" systemctl start kinward
	check "with its member" members 1
}

taking_it_off() {
	dry "A dry run of removing" "would: Remove the program" --uninstall --purge --dry-run
	check "Removing" ./install.sh --uninstall
	check "The program is gone" not test -e /usr/local/bin/kinward -o -e /usr/local/lib/kinward
	check "The units are gone" not systemctl cat kinward.service
	check "The practice stays" test -s /var/lib/kinward/data/data.db
	check "The key stays" test -s /etc/kinward/kinward.key
	mkdir /tmp/unpacked && tar -xzf kinward-1.1.0-linux-*.tar.gz -C /tmp/unpacked --strip-components 1
	check "Installing again, from an unpacked release" /tmp/unpacked/install.sh
	check "1.1.0 runs" serves 1.1.0
	check "with its member" members 1
	check "Purging is refused without a terminal" not ./install.sh --uninstall --purge </dev/null
	check "and leaves it running" serves 1.1.0
	check "Purging" ./install.sh --uninstall --purge --yes
	check "Nothing of it is left" is "$(find / -xdev \( -path /proc -o -path /kinward-test -o -path /work -o -path /root -o -path /tmp \) -prune -o -name '*kinward*' ! -name 'kinward-test*' -print)" ""
	check "The user is gone" not getent passwd kinward
}

if [ "${1-}" = --inside ]; then inside; else outside "$@"; fi
