#!/bin/sh
# Writes public/ into Sources/Admin/Files/EmbeddedFiles.swift, so that the program serves its files from memory, from
# any directory. Run it after a change in public/; a test compares the two.
set -eu
cd "$(dirname "$0")/.."
target=Sources/Admin/Files/EmbeddedFiles.swift
{
    cat <<'HEAD'
/// A file of `public/` in the program: all text, a few kilobytes each.
package struct EmbeddedFile: Sendable {
    package let name: String
    /// For `Content-Type`.
    package let type: String
    package let text: String
}

/// Everything that browsers get beside pages. Made from `public/` by `scripts/embed-public.sh`: change it there.
package enum EmbeddedFiles {
    package static let all = [
HEAD
    for path in public/*; do
        case "$path" in
            *.css) type='text/css; charset=utf-8' ;;
            *.js) type='text/javascript; charset=utf-8' ;;
            *.svg) type='image/svg+xml' ;;
            *) echo "embed-public: no content type for $path" >&2; exit 1 ;;
        esac
        printf '        EmbeddedFile(\n            name: "%s", type: "%s",\n            text: ###"""\n' "$(basename "$path")" "$type"
        cat "$path"
        printf '\n"""###),\n'
    done
    printf '    ]\n}\n'
} > "$target"
