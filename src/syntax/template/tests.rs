use crate::model::RepoPath;
use crate::syntax::{Document, Format, parse};

fn read(path: &str, text: &str) -> Document {
    parse(Format::Yaml, &RepoPath::new(path).unwrap(), text).unwrap()
}

fn show(text: &str) -> String {
    let document = read("chart/templates/a.yaml", text);
    assert!(document.templated, "{text}");
    let roots = document.roots.iter();
    roots
        .map(|root| document.value(*root, 10_000).display())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn what_a_template_writes_is_unknown() {
    for (text, want) in [
        (
            "image: {{ .Values.image }}\nport: 80\n",
            r#"{"image":"?","port":80}"#,
        ),
        (
            "image: \"{{ .r }}:{{ .t | default \"x\" }}\"\n",
            r#"{"image":"?"}"#,
        ),
        (
            "{{- if .x }}\na: 1\n{{- else }}\nb: 2\n{{- end }}\n",
            r#"{"a":1,"b":2}"#,
        ),
        (
            "a:\n  {{- toYaml .x | nindent 2 }}\nb: 1\n",
            r#"{"a":"?","b":1}"#,
        ),
        (
            "a:{{ include \"x\" . | nindent 2 }}\nb: 1\n",
            r#"{"a":"?","b":1}"#,
        ),
        (
            "a:\n  b: 1\n  {{- toYaml .x | nindent 2 }}\nc: {d: 1}\n",
            r#"{"a":"?","c":{"d":1}}"#,
        ),
        (
            "a:\n  b: 1\n{{ toYaml .x | indent 2 }}\nc: 1\n",
            r#"{"a":"?","c":1}"#,
        ),
        ("a:\n  b:\n    c: 1\n{{ include \"x\" . }}\nd: 1\n", "?"),
        ("{{/* a\nb: c */}}\nd: 1\n", r#"{"d":1}"#),
        (
            "a: {{ if .x }}1{{ end }}\nb: {{- with .y }}\n  c: 1\n{{- end }}\n",
            r#"{"a":"?","b":{"c":1}}"#,
        ),
        (
            "l:\n- a\n- {{ .x }}\n{{- range .y }}\n- {{ . }}\n{{- end }}\n",
            r#"{"l":["a","?","?"]}"#,
        ),
        (
            "l:\n  - a: 1\n  {{- toYaml .x | nindent 2 }}\nm: 1\n",
            r#"{"l":"?","m":1}"#,
        ),
        (
            "l:\n  - a: 1\n    {{- toYaml .x | nindent 4 }}\n  - b: 1\n",
            r#"{"l":["?",{"b":1}]}"#,
        ),
        (
            "data:\n  x: |\n    a {{ .b }}\n    c\n  y: z\n",
            r#"{"data":{"x":"?","y":"z"}}"#,
        ),
        (
            "a: {b: 1}\nc:\n{{ if .x }}\n  {{- toYaml .x | nindent 2 }}\n{{ else }}\n  {{- toYaml .y | nindent 2 }}\n{{ end }}\n",
            r#"{"a":{"b":1},"c":"?"}"#,
        ),
        ("{{ .key }}: 1\n", "?"),
        ("image: {{ .r }}:{{ .t }}\nx: 1\n", r#"{"image":"?","x":1}"#),
        (
            "x: |\n  {{- if .a }}\n    {{- if .b }}\n  c: {{ .d }}\n    {{- end }}\n  {{- end }}\ny: 1\n",
            r#"{"x":"?","y":1}"#,
        ),
        (
            "l:\n- {{ toYaml .x | nindent 2 | trim }}\n  {{- if .y }}\n  a: 1\n  {{- end }}\n- b: 1\n",
            r#"{"l":["?",{"b":1}]}"#,
        ),
        (
            "a: {{- toYaml .x | nindent 2 }}\nb: 1\n",
            r#"{"a":"?","b":1}"#,
        ),
        (
            "a: {{- toYaml .x | nindent 2 }}\n  c: 1\nb: 1\n",
            r#"{"a":"?","b":1}"#,
        ),
        ("name: a{{ .b }}c # {{ d }}\n", r#"{"name":"?"}"#),
    ] {
        assert_eq!(show(text), want, "{text}");
    }
}

#[test]
fn offsets_stay_true() {
    let text = "{{ if .é }}\nkey: value\n{{ end }}\n";
    let document = read("templates/a.yaml", text);
    let (key, _) = document.entry(document.roots[0], "key").unwrap();
    assert_eq!(&text[document.nodes[key as usize].span.range()], "key");
}

#[test]
fn only_templates_in_the_structure_make_a_template() {
    for (text, templated) in [
        ("a: {{ b }}\n", true),
        ("- {{ b }}\n", true),
        ("{% for x in y %}\na: 1\n{% endfor %}\n", true),
        ("password: <%= ENV['X'] %>\n", true),
        ("a: \"{{ b }}\"\n", false),
        ("a: 'x: {{ b }}'\n", false),
        ("# {{ b }}\na: 1\n", false),
        ("a: docker ps --format {{.Names}}\n", false),
        ("run: |\n  docker ps \\\n    {{ x }}\nb: 1\n", false),
        ("- run: >-\n    {{ x }}\n  b: 1\n", false),
        ("a: ${{ b }}\n", false),
    ] {
        assert_eq!(read("a.yaml", text).templated, templated, "{text}");
    }
}

#[test]
fn unclosed_templates_stay_as_they_are() {
    let text = "a: 'x'\n".to_owned() + &"# {{ {% <% {#\n".repeat(100_000);
    assert!(!read("templates/a.yaml", &text).roots.is_empty());
}
