#!/bin/sh
# Writes a root file system to the tar file "$1": this machine's Python, a shell, and the libraries that they load.
# So tests have an image without a registry.
set -eu
python=$(readlink -f /usr/bin/python3)
library=/usr/lib/$(basename "$python")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

mkdir -p "$root/usr/bin" "$root/usr/lib" "$root/usr/lib64" "$root/etc" "$root/proc" "$root/sys" "$root/dev"
mkdir -m 1777 "$root/tmp"
for name in bin lib lib64; do ln -s "usr/$name" "$root/$name"; done
cp "$python" "$root/usr/bin/python3"
for program in sh sleep; do cp "$(readlink -f "/usr/bin/$program")" "$root/usr/bin/$program"; done
cp -R "$library" "$root/usr/lib/"
rm -rf "$root$library/test" "$root$library/idlelib"
find "$root$library" -name __pycache__ -prune -exec rm -rf {} +

# A library goes where the linker looks for it, whatever it is a link to.
find "$root/usr" -type f \( -name '*.so' -o -path '*/bin/*' \) -exec ldd {} + 2>/dev/null |
    grep -o '/[^ ]*\.so[^ ]*' | grep -v "^$root" | sort -u |
    while read -r found; do
        mkdir -p "$root/usr/$(dirname "${found#/usr}")"
        cp -L "$found" "$root/usr/${found#/usr}"
    done
tar -C "$root" -cf "$1" .
