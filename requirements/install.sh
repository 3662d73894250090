#!/bin/sh
# Makes .venv and installs one level into it: `preview` (the bot and its local page), `light` (the same without torch and
# spaCy), `small` (that without the page, for a server), `dev` (the first, and the tools) or `kept` (what is there, else
# the first). What is light stays light until another level is named.
# The Makefile runs this before everything else; when nothing changed it takes a few hundredths of a second.
#
# torch comes first and by itself. On Linux the plain package is a CUDA build with several GB of libraries which this
# bot never uses, so there only a build that calls itself +cpu is accepted: from where pip is configured to look, else
# from PyTorch's own index. Elsewhere the plain package is a CPU build. Everything else is held against the locks' hashes.
set -eu
cd "$(dirname "$0")/.."

level=$1
venv=.venv
alone=
thin=
cpu_index=https://download.pytorch.org/whl/cpu

if [ "$level" = kept ]; then
    level=preview
    for each in small light; do
        if [ -e "$venv/thin" ] && [ -e "$venv/installed-$each" ]; then
            level=$each
        fi
    done
fi

case $level in
    light | small)
        files=requirements/light.txt
        [ "$level" = small ] || files="$files requirements/preview.txt"
        alone=--no-deps # the locks are complete, but what their packages say they need includes torch
        thin=yes
        ;;
    preview) files="requirements/full.txt requirements/preview.txt" ;;
    dev) files="requirements/full.txt requirements/preview.txt requirements/dev.txt" ;;
    *) echo "usage: $0 light|small|preview|dev|kept" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*" >&2; }

# What a level was installed from. Compared by content: a switch of branches there and back installs nothing.
# shellcheck disable=SC2086 # a list of names without spaces
fingerprint() { cat requirements/install.sh requirements/unread.txt $files | cksum; }

# Whether Python $1 is one that the pinned versions exist for, and has the modules $2.
suits() { "$1" -c "import sys, $2; sys.exit(not (3, 11) <= sys.version_info < (3, 15))" 2>/dev/null; }

# Installs with a mark beside it, which stays only when the run was cut off: then nothing in .venv can be trusted.
# Without --no-compile a third of a gigabyte is written for modules that are never imported.
install() {
    : >"$venv/unfinished"
    result=0
    "$venv/bin/python" -m pip --disable-pip-version-check --no-input install --no-compile "$@" || result=$?
    rm -f "$venv/unfinished"
    return "$result"
}

# Removes what the light level never reads, unless the tests need it here; and what venv brought of itself before
# Python 3.12, 10 MB that no package asks for.
remove_unread() {
    if [ -e "$venv/installed-dev" ]; then
        return
    fi
    packages=$("$venv/bin/python" -c "import sysconfig; print(sysconfig.get_path('purelib'))")
    : >"$venv/thin"
    sed -e '/^#/d' requirements/unread.txt | while read -r pattern; do
        # shellcheck disable=SC2086 # what the pattern leads to
        rm -f -- "$packages"/$pattern
    done
    "$venv/bin/python" -m pip --disable-pip-version-check --quiet --quiet uninstall --yes setuptools
}

make_venv() {
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if suits "$python" "ensurepip, venv"; then # which Debian packs apart
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
    if "$venv/bin/python" -c "import importlib.metadata as m; assert 'torch==' + m.version('torch') == '$torch'" \
        2>/dev/null; then
        return
    fi
    say "Installing $torch."
    # An index that was named is the only one asked. Otherwise each is asked in turn, and told not to dawdle.
    if [ -z "${TORCH_INDEX:-}" ] && install --quiet --quiet --no-deps "$torch" 2>/dev/null; then
        return
    fi
    if install --no-deps --timeout 15 --retries 1 --index-url "${TORCH_INDEX:-$cpu_index}" "$torch"; then
        return
    fi
    say ""
    say "No CPU build of torch could be had from ${TORCH_INDEX:-$cpu_index}, and the plain one, which"
    say "is several GB of CUDA libraries, was not downloaded. Where the network allows it, this is enough:"
    say "    make run TORCH_INDEX=$cpu_index"
    exit 1
}

if [ -e "$venv/unfinished" ] || ! suits "$venv/bin/python" pip || { [ -z "$thin" ] && [ -e "$venv/thin" ]; }; then
    make_venv
elif [ "$(cat "$venv/installed-$level" 2>/dev/null)" = "$(fingerprint)" ]; then
    exit 0
fi

if [ "$(uname -s)" = Linux ] && [ -z "$thin" ]; then
    install_torch
fi
# What the locks say of each other is for those who read them by themselves.
# shellcheck disable=SC2086 # as above
sed -e '/^-[rc]/d' $files >"$venv/lock.txt"
say "Installing everything else."
# shellcheck disable=SC2086 # one word or none
install --quiet --quiet $alone --require-hashes --requirement "$venv/lock.txt"

if [ -n "$thin" ]; then
    remove_unread
fi

fingerprint >"$venv/installed-$level"
say "Installed. $venv takes $(du -sh "$venv" | cut -f 1 | tr -d ' ')."
