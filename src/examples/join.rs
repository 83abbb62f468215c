//! `{{join:a|b|c}}` in the files of an example reads as `abc`: an invented secret stays in parts
//! in the manifest, so that no hosting service takes it for a real one.

/// Replaces every join marker in `text`.
pub(super) fn join(text: &str) -> String {
    const OPEN: &str = "{{join:";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        out.push_str(before);
        let Some((parts, tail)) = after.split_once("}}") else {
            out.push_str(OPEN);
            rest = after;
            continue;
        };
        out.extend(parts.split('|'));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn parts_are_joined() {
        assert_eq!(join("k={{join:ab|cd}};"), "k=abcd;");
        assert_eq!(join("k={{join:ab"), "k={{join:ab");
        assert_eq!(join("{{ .Values.x }}"), "{{ .Values.x }}");
    }
}
