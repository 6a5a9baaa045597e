#!/usr/bin/env bash
# Builds the container image without a daemon and without a base image, as root on Debian:
# mmdebstrap extracts Python and its libraries, buildah packs them with dfpolicy.
#
#   tools/image/build.sh WHEEL ARCHIVE
#
# WHEEL is dfpolicy's wheel, ARCHIVE the OCI archive to write. It prints the digest of the image. The
# same packages of Debian and the same commit give a byte-identical image.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
wheel=$(realpath "$1")
archive=$(realpath -m "$2")
python=python3.11

for tool in mmdebstrap buildah; do
	command -v "$tool" >/dev/null || {
		echo "image: $tool is missing; run: apt-get install mmdebstrap buildah" >&2
		exit 1
	}
done
[ "$(id -u)" = 0 ] || { echo "image: run this as root" >&2; exit 1; }

epoch=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH=$epoch
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
root=$scratch/root
# Nothing of the host's configuration of containers is used.
buildah=(buildah --root "$scratch/storage" --runroot "$scratch/run" --storage-driver vfs)

# Python, and the shell and tools that the collector of nodes runs. `extract` runs no scripts of
# packages, and leaves out the package manager.
mmdebstrap --quiet --variant=extract --mode=root --format=directory \
	--include=base-files,$python-minimal,lib$python-stdlib,busybox \
	"$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$root"
# What no program of the image reads.
rm -rf "$root"/usr/share/{doc,man,info,locale,lintian,bug,base-files,python3} \
	"${root:?}"/var/{lib,cache,log}/* "$root"/etc/{apt,dpkg,update-motd.d} "${root:?}"/dev/* \
	"$root"/usr/lib/$python/{ensurepip,idlelib,lib2to3,pydoc_data,test,tkinter,turtledemo}
rm -f "$root"/{usr/bin,usr/sbin,bin,sbin}/{dpkg,start-stop,update-alt,add-shell,remove-shell,mawk,tar}*
chroot "$root" /bin/busybox --install -s /bin
mkdir -p "$root/tmp" "$root/work"
chmod 1777 "$root/tmp"
echo 'dfpolicy:x:65532:65532::/work:/sbin/nologin' >"$root/etc/passwd"
echo 'dfpolicy:x:65532:' >"$root/etc/group"

# dfpolicy and its dependencies, with the hashes of requirements.txt.
site=$root/opt/dfpolicy/lib/$python/site-packages
pip=("${PYTHON:-python3}" -m pip --disable-pip-version-check install --quiet --no-compile --no-deps --target "$site")
"${pip[@]}" --require-hashes --only-binary :all: --python-version 3.11 \
	--platform "manylinux_2_28_$(uname -m)" --platform "manylinux_2_17_$(uname -m)" \
	--platform "manylinux2014_$(uname -m)" --requirement "$here/requirements.txt"
rm -rf "${site:?}/bin"
"${pip[@]}" "$wheel"
rm -rf "${site:?}/bin" "$root/opt/dfpolicy/bin"
mkdir -p "$root/opt/dfpolicy/bin" "$root/usr/local/bin"
printf 'home = /usr/bin\ninclude-system-site-packages = false\n' >"$root/opt/dfpolicy/pyvenv.cfg"
ln -s /usr/bin/$python "$root/opt/dfpolicy/bin/python"
printf '#!/opt/dfpolicy/bin/python -I\nfrom dfpolicy.__main__ import main\n\nmain()\n' \
	>"$root/opt/dfpolicy/bin/dfpolicy"
chmod 755 "$root/opt/dfpolicy/bin/dfpolicy"
ln -s /opt/dfpolicy/bin/dfpolicy "$root/usr/local/bin/dfpolicy"
# Compiled, since the file system is read-only; checked by nothing, since it does not change.
chroot "$root" /opt/dfpolicy/bin/python -I -m compileall -q --invalidation-mode unchecked-hash \
	/opt/dfpolicy "/usr/lib/$python"
find "$root" -newermt "@$epoch" -exec touch --no-dereference --date "@$epoch" {} +

tar --create --file "$scratch/root.tar" --directory "$root" --sort=name --mtime "@$epoch" \
	--owner=0 --group=0 --numeric-owner --format=gnu .
container=$("${buildah[@]}" from scratch)
"${buildah[@]}" add --quiet "$container" "$scratch/root.tar" / >/dev/null
"${buildah[@]}" config --created-by dfpolicy --user 65532:65532 --workingdir /work \
	--entrypoint '["/usr/local/bin/dfpolicy"]' --env PATH=/usr/local/bin:/usr/bin:/bin --env LANG=C.UTF-8 \
	--label org.opencontainers.image.title=dfpolicy \
	--label org.opencontainers.image.licenses=Apache-2.0 \
	--label "org.opencontainers.image.version=$(basename "$wheel" | cut -d- -f2)" "$container"
image=$("${buildah[@]}" commit --quiet --timestamp "$epoch" "$container")
mkdir -p "$(dirname "$archive")"
rm -f "$archive"
"${buildah[@]}" push --quiet --digestfile "$scratch/digest" "$image" "oci-archive:$archive:dfpolicy"
echo "image: $archive $(cat "$scratch/digest")"
