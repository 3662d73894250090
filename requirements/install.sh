#!/bin/sh
# Creates .venv and installs one level into it:
#     preview   the bot and its local page
#     light     the same without torch and spaCy
#     small     light without the page, for a server
#     dev       preview, and the tools for tests and checks
#     kept      light or small where one of them was chosen before, else preview
# The Makefile runs this first; when nothing changed, it takes a few hundredths of a second.
#
# pip checks every file against the hashes in the locks, except torch on Linux. There the plain package is a CUDA build
# with several GB of libraries that the bot never uses, so only a +cpu build is accepted: from where pip is configured to
# look, else from PyTorch's own index. Elsewhere the plain package is a CPU build.
set -eu
cd "$(dirname "$0")/.."

level=$1
venv=.venv
cpu_index=https://download.pytorch.org/whl/cpu

if [ "$level" = kept ]; then
    level=preview
    for chosen in small light; do
        if [ -e "$venv/thin" ] && [ -e "$venv/installed-$chosen" ]; then
            level=$chosen
        fi
    done
fi

light=
case $level in
    small) locks=requirements/light.txt light=yes ;;
    light) locks="requirements/light.txt requirements/preview.txt" light=yes ;;
    preview) locks="requirements/full.txt requirements/preview.txt" ;;
    dev) locks="requirements/full.txt requirements/preview.txt requirements/postgres.txt requirements/dev.txt" ;;
    *) echo "usage: $0 preview|light|small|dev|kept" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*" >&2; }

# Identifies what a level was installed from. By content, so that switching branches there and back installs nothing.
# shellcheck disable=SC2086 # a list of names without spaces
fingerprint() { cat requirements/install.sh requirements/unread.txt $locks | cksum; }

# Whether the locks hold for Python $1, and it has the modules $2.
is_usable() { "$1" -c "import sys, $2; sys.exit(not (3, 11) <= sys.version_info < (3, 15))" 2>/dev/null; }

# Runs pip install. An interrupted run leaves the file `unfinished`, and the next run creates .venv anew.
# --no-compile saves a third of a gigabyte of compiled modules that are never imported.
install() {
    : >"$venv/unfinished"
    status=0
    "$venv/bin/python" -m pip --disable-pip-version-check --no-input install --no-compile "$@" || status=$?
    rm -f "$venv/unfinished"
    return "$status"
}

make_venv() {
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if is_usable "$python" "ensurepip, venv"; then # Debian packages these two separately
            say "Making $venv with $("$python" --version). The first time takes some minutes; later it is quick."
            rm -rf "$venv"
            "$python" -m venv "$venv"
            return
        fi
    done
    say "Python 3.11, 3.12, 3.13 or 3.14 with its venv module is needed, and was not found."
    say "Install it (Debian, Ubuntu: apt install python3-venv; macOS: brew install python), or say where it is:"
    say "    make run PYTHON=/path/to/python3"
    exit 1
}

install_torch() {
    torch=torch==$(sed -n 's/^torch==\([0-9.]*\)+cpu .*/\1/p' requirements.txt)+cpu
    say "Installing $torch."
    # TORCH_INDEX replaces all other sources. The short time-out is for networks that silently drop connections.
    if [ -z "${TORCH_INDEX:-}" ] && install --quiet --quiet --no-deps "$torch" 2>/dev/null; then
        return
    fi
    if install --no-deps --timeout 15 --retries 1 --index-url "${TORCH_INDEX:-$cpu_index}" "$torch"; then
        return
    fi
    say ""
    say "There is no CPU build of torch at ${TORCH_INDEX:-$cpu_index}, and the plain one, which"
    say "is several GB of CUDA libraries, was not downloaded. Where the network allows it, this is enough:"
    say "    make run TORCH_INDEX=$cpu_index"
    exit 1
}

# Removes the files that the light level never reads, and setuptools, 10 MB that venv adds before Python 3.12. The file
# `thin` says that the other levels cannot use this .venv. Where `dev` is installed nothing is removed: tests read it all.
remove_unread() {
    if [ -e "$venv/installed-dev" ]; then
        return
    fi
    packages=$("$venv/bin/python" -c "import sysconfig; print(sysconfig.get_path('purelib'))")
    : >"$venv/thin"
    sed -e '/^#/d' requirements/unread.txt | while read -r pattern; do
        # shellcheck disable=SC2086 # the pattern is expanded
        rm -f -- "$packages"/$pattern
    done
    "$venv/bin/python" -m pip --disable-pip-version-check --quiet --quiet uninstall --yes setuptools
}

if [ -e "$venv/unfinished" ] || ! is_usable "$venv/bin/python" pip || { [ -z "$light" ] && [ -e "$venv/thin" ]; }; then
    make_venv
elif [ "$(cat "$venv/installed-$level" 2>/dev/null)" = "$(fingerprint)" ]; then
    exit 0
fi

if [ "$(uname -s)" = Linux ] && [ -z "$light" ]; then
    install_torch
fi
say "Installing everything else."
# --no-deps: the locks are complete, and one package of the light level asks for torch, which it does not need.
# shellcheck disable=SC2046,SC2086 # lists of words
install --quiet --quiet ${light:+--no-deps} --require-hashes $(printf -- '--requirement %s ' $locks)
if [ -n "$light" ]; then
    remove_unread
fi

fingerprint >"$venv/installed-$level"
say "Installed. $venv takes $(du -sh "$venv" | cut -f 1 | tr -d ' ')."
