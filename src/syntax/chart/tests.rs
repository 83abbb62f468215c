//! What values make known, and what they leave unknown.

use super::Chart;
use crate::model::{RepoPath, Value};
use crate::syntax::{Document, Format, parse, parse_with};

const VALUES: &str = r#"
replicas: 1
tag: latest
empty: ""
nothing:
off: false
on: true
none: []
bare: {}
image: {repository: clinic/api, tag: 1.4.2, pullPolicy: ""}
port: 8080
text: "8081"
limits: {limits: {memory: 1Gi}, requests: {cpu: 100m}}
env: [{name: A, value: b}, {name: DB_PASSWORD, value: kestrel}]
password: kestrel
own: "{{ .Release.Name }}"
url: "https://a:b@example.org"
odd: "a: b"
nested: {deep: {er: 3, empty: ""}}
"#;

fn read(text: &str) -> Document {
    let yaml = |name: &str, text: &str| {
        let document = parse(Format::Yaml, &RepoPath::new(name).unwrap(), text).unwrap();
        document.value(document.roots[0], 1000)
    };
    let values = yaml("values.yaml", VALUES);
    let manifest = yaml("Chart.yaml", "{name: api, appVersion: v5, version: 1.0}");
    let chart = Chart::new(&values, &manifest);
    let path = RepoPath::new("chart/templates/a.yaml").unwrap();
    parse_with(Format::Yaml, &path, text, &chart).unwrap()
}

fn show(text: &str) -> String {
    let document = read(text);
    let roots = document.roots.iter();
    let shown = roots.map(|root| document.value(*root, 1000).display());
    shown.collect::<Vec<_>>().join(" ")
}

/// A template and what its document is; `"?"` is unknown.
const TEMPLATES: &[(&str, &str)] = &[
    ("a: {{ .Values.replicas }}\n", r#"{"a":1}"#),
    ("a: {{ $.Values.nested.deep.er }}\n", r#"{"a":3}"#),
    ("a: {{ .Values.port | quote }}\n", r#"{"a":"8080"}"#),
    ("a: {{ .Values.text }}\n", r#"{"a":8081}"#),
    ("a: {{ quote .Values.text }}\n", r#"{"a":"8081"}"#),
    ("a: {{- .Values.on }}\n", r#"{"a":true}"#),
    ("a: {{ int .Values.port -}}\n", r#"{"a":8080}"#),
    (
        "a: \"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}\"\n",
        r#"{"a":"clinic/api:1.4.2"}"#,
    ),
    (
        "a: {{ .Values.image.repository }}:{{ .Values.image.digest | default .Chart.AppVersion }}\n",
        r#"{"a":"clinic/api:v5"}"#,
    ),
    ("a: {{ .Values.empty | default \"x\" }}\n", r#"{"a":"x"}"#),
    ("a: {{ default 3 .Values.missing }}\n", r#"{"a":3}"#),
    ("a: {{ default 3 (.Values.replicas) }}\n", r#"{"a":1}"#),
    (
        "a: {{ required \"say\" .Values.tag }}\n",
        r#"{"a":"latest"}"#,
    ),
    ("a: {{ tpl .Values.tag . }}\n", r#"{"a":"latest"}"#),
    // Nobody can know.
    ("a: {{ .Values.empty }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.empty | quote }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.nothing }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.missing }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.no.where | default 1 }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.empty | default \"\" }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.password }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.url }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.own }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.odd }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Values.none }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Release.Name }}-{{ .Values.tag }}\n", r#"{"a":"?"}"#),
    ("a: {{ .Chart.Version }}\n", r#"{"a":"?"}"#),
    ("a: {{ printf \"%s\" .Values.tag }}\n", r#"{"a":"?"}"#),
    (
        "a: {{ include \"x\" . }}\nb: {{ .Values.port }}\n",
        r#"{"a":"?","b":8080}"#,
    ),
    ("a: {{ .Values.tag | upper }}\n", r#"{"a":"?"}"#),
    ("a: {{ $x := 1 }}{{ $x }}\n", r#"{"a":"?"}"#),
    // Whole mappings and lists.
    (
        "a:\n  {{- toYaml .Values.limits | nindent 2 }}\nb: 1\n",
        r#"{"a":{"limits":{"memory":"1Gi"},"requests":{"cpu":"100m"}},"b":1}"#,
    ),
    (
        "a: {{- toYaml .Values.limits.limits | nindent 2 }}\n",
        r#"{"a":{"memory":"1Gi"}}"#,
    ),
    (
        "a:\n  {{- toYaml .Values.bare | nindent 2 }}\nb: 1\n",
        r#"{"a":{},"b":1}"#,
    ),
    (
        "a:\n  b: 1\n  {{- toYaml .Values.bare | nindent 2 }}\n",
        r#"{"a":{"b":1}}"#,
    ),
    (
        "a:\n  c: 1\n{{ toYaml .Values.limits.limits | indent 2 }}\nb: 1\n",
        r#"{"a":{"c":1,"memory":"1Gi"},"b":1}"#,
    ),
    (
        "a:\n  - name: X\n  {{- toYaml .Values.env | nindent 2 }}\n",
        r#"{"a":[{"name":"X"},{"name":"A","value":"b"},{"name":"DB_PASSWORD","value":"?"}]}"#,
    ),
    ("a: {{ toYaml .Values.limits }}\n", r#"{"a":"?"}"#),
    (
        "a:\n  {{- toYaml .Values.nothing | nindent 2 }}\n",
        r#"{"a":"?"}"#,
    ),
    (
        "{{- with .Values.limits }}\na:\n  {{- toYaml . | nindent 2 }}\n{{- end }}\nb: 1\n",
        r#"{"a":{"limits":{"memory":"1Gi"},"requests":{"cpu":"100m"}},"b":1}"#,
    ),
    (
        "{{- with .Values.image }}\na: {{ .tag }}\nc: {{ $.Values.port }}\nd: {{ .Values.port }}\n{{- end }}\n",
        r#"{"a":"1.4.2","c":8080,"d":"?"}"#,
    ),
    (
        "{{- with .Values.bare }}\na:\n  {{- toYaml . | nindent 2 }}\n{{- end }}\nb: 1\n",
        r#"{"b":1}"#,
    ),
    (
        "{{- with .Values.nothing }}\na: {{ . }}\n{{- end }}\nb: 1\n",
        r#"{"a":"?","b":1}"#,
    ),
    // Conditions.
    (
        "{{- if not .Values.off }}\na: {{ .Values.port }}\n{{- end }}\n",
        r#"{"a":8080}"#,
    ),
    (
        "{{- if not .Values.on }}\na: {{ .Values.port }}\n{{- end }}\n",
        r#"{"a":"?"}"#,
    ),
    (
        "{{- if .Values.off }}\na: 1\n{{- end }}\nb: 1\n",
        r#"{"a":1,"b":1}"#,
    ),
    (
        "{{- if .Values.off }}\na: 1\n{{- else }}\na: {{ .Values.port }}\n{{- end }}\n",
        r#"{"a":8080}"#,
    ),
    (
        "{{- if .Values.on }}\na: {{ .Values.port }}\n{{- else }}\na: 1\n{{- end }}\n",
        r#"{"a":8080}"#,
    ),
    (
        "{{- if .Values.off }}\na: 1\n{{- else if eq .Values.tag \"latest\" }}\na: 2\n{{- else }}\na: 3\n{{- end }}\n",
        r#"{"a":2}"#,
    ),
    (
        "{{- if .Values.missing }}\na: {{ .Values.port }}\n{{- end }}\n",
        r#"{"a":"?"}"#,
    ),
    (
        "{{- if and .Values.on (not .Values.off) }}\na: {{ .Values.port }}\n{{- end }}\n",
        r#"{"a":8080}"#,
    ),
    (
        "{{- if or .Values.missing .Values.off }}\na: {{ .Values.port }}\n{{- end }}\n",
        r#"{"a":"?"}"#,
    ),
    (
        "{{- if .Values.none }}\na: 1\n{{- end }}\nb: 1\n",
        r#"{"b":1}"#,
    ),
    (
        "{{- range .Values.env }}\na: {{ $.Values.port }}\n{{- end }}\nb: {{ .Values.port }}\n",
        r#"{"a":"?","b":8080}"#,
    ),
    (
        "{{- if .Values.off }}\n{{- if .Values.on }}\na: 1\n{{- end }}\n{{- else }}\nb: 1\n{{- end }}\n",
        r#"{"b":1}"#,
    ),
    (
        "a: {{ if .Values.on }}x{{ else }}y{{ end }}\n",
        r#"{"a":"x"}"#,
    ),
    // Blocks that do not match.
    ("a: {{ .Values.port }}\n{{- end }}\n", r#"{"a":"?"}"#),
    (
        "{{ if .Values.on }}\na: {{ .Values.port }}\n",
        r#"{"a":"?"}"#,
    ),
];

#[test]
fn values_are_put_in_where_they_decide() {
    for (text, want) in TEMPLATES {
        assert_eq!(&show(text), want, "{text}");
    }
}

#[test]
fn places_are_those_of_the_template() {
    let text = "é: {{ .Values.image.repository }}\n{{- with .Values.bare }}\nx: 1\n{{- end }}\nr:\n  {{- toYaml .Values.limits | nindent 2 }}\nlast: word\n";
    let document = read(text);
    let root = document.roots[0];
    let at = |id: u32| text.get(document.nodes[id as usize].span.range()).unwrap();
    let (key, value) = document.entry(root, "é").unwrap();
    assert_eq!(
        (at(key), at(value)),
        ("é", "{{ .Values.image.repository }}")
    );
    let (key, value) = document.entry(root, "last").unwrap();
    assert_eq!((at(key), at(value)), ("last", "word"));
    let (_, resources) = document.entry(root, "r").unwrap();
    let (key, limits) = document.entry(resources, "limits").unwrap();
    let whole = "{{- toYaml .Values.limits | nindent 2 }}";
    assert_eq!((at(key), at(limits)), (whole, whole));
}

#[test]
fn what_would_be_no_yaml_is_read_as_written() {
    let twice = "a: {{ .Values.port }}\n  b: 1\nc: 1\n---\nd: {{ .Values.port }}\n";
    assert!(show(twice).ends_with(r#"{"d":"?"}"#), "{}", show(twice));
    let shallow = "a:\n    b: 1\n    {{- toYaml .Values.limits | nindent 2 }}\n";
    assert_eq!(show(shallow), "?");
}

#[test]
fn depth_and_oddities_cost_nothing() {
    let deep = format!("a: {{{{ {}1{} }}}}\n", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(show(&deep), r#"{"a":"?"}"#);
    let blocks = "{{ if .Values.on }}\n".repeat(60) + "a: 1\n" + &"{{ end }}\n".repeat(60);
    assert_eq!(show(&blocks), r#"{"a":1}"#);
    let deep = "{{ if .Values.on }}\n".repeat(5000)
        + "a: {{ .Values.port }}\n"
        + &"{{ end }}\n".repeat(5000);
    assert_eq!(show(&deep), r#"{"a":"?"}"#);
    for odd in [
        "{{ | }}",
        "{{ ) }}",
        "{{ ( }}",
        "{{ \"a }}",
        "{{ .Values.port | }}",
        "{{}}",
        "{{--}}",
    ] {
        assert_eq!(
            show(&format!("a: {odd}\nb: {{{{ .Values.port }}}}\n")),
            r#"{"a":"?","b":8080}"#,
            "{odd}"
        );
    }
    assert!(matches!(
        Chart::new(&Value::Null, &Value::Null),
        Chart { .. }
    ));
}
