use super::*;
use crate::model::{Span, Value};
use crate::rule::spec::CodeSpec;

fn compile(yaml: &str) -> CodeMatcher {
    let spec: CodeSpec = serde_saphyr::from_str(yaml).unwrap();
    CodeMatcher::compile(&spec).unwrap_or_else(|errors| panic!("{yaml}\n{errors:?}"))
}

fn run_one(language: Language, yaml: &str, text: &str) -> CodeRun {
    let matcher = compile(yaml);
    run(language, text, &[(MatcherId(7), &matcher)], BUDGET)
}

fn pattern(language: &str, pattern: &str) -> String {
    format!("{{languages: [{language}], rule: {{pattern: '{}'}}}}", pattern.replace('\'', "''"))
}

/// One line for each hit: the text of the hit and the captures asked for.
fn show(language: Language, yaml: &str, text: &str, names: &[&str]) -> Vec<String> {
    let run = run_one(language, yaml, text);
    assert_eq!(run.skipped, None);
    let hits = run.raw.iter().map(|raw| {
        let captures = names.iter().map(|name| {
            raw.captures.get(*name).map_or("-".to_owned(), Value::display)
        });
        captures.collect::<Vec<_>>().join(" | ")
    });
    hits.collect()
}



#[test]
fn surroundings_of_python() {
    let text = r#"
import time
time.sleep(0)

@app.get("/patients/{id}")
async def patients(id: str):
    time.sleep(1)
    for row in rows(time.sleep(2)):
        time.sleep(3)
    return [time.sleep(4) for x in y]

class Chart(APIView):
    @property
    def get(self, request):
        while True:
            def inner():
                time.sleep(5)
            time.sleep(6)
"#;
    let got = show(
        Language::Python,
        &pattern("python", "time.sleep($N)"),
        text,
        &["N", "function", "async", "loop", "class", "decorators", "handler"],
    );
    assert_eq!(
        got,
        [
            r#"0 |  | false | false |  | [] | false"#,
            r#"1 | patients | true | false |  | ["app.get(\"/patients/{id}\")"] | true"#,
            r#"2 | patients | true | false |  | ["app.get(\"/patients/{id}\")"] | true"#,
            r#"3 | patients | true | true |  | ["app.get(\"/patients/{id}\")"] | true"#,
            r#"4 | patients | true | true |  | ["app.get(\"/patients/{id}\")"] | true"#,
            r#"5 | inner | false | false | Chart | [] | true"#,
            r#"6 | get | false | true | Chart | ["property"] | true"#,
        ]
    );
}

#[test]
fn surroundings_of_typescript() {
    let text = r#"
sleep(0);
const app = express();
app.post("/orders", asyncHandler(async (req, res) => { sleep(1); }));
export const load = async () => {
    for (const id of sleep(2)) { sleep(3); ids.map((id) => sleep(4)); }
};
@Controller("visits")
export class Visits {
    @Get(":id")
    async find() { do { sleep(5) } while (sleep(6)); }
    save = () => { sleep(7); };
}
cache.get(key, () => sleep(8));
socket.on("vitals", (m) => sleep(9));
consumer.run({ eachMessage: async ({ message }) => { sleep(10); } });
"#;
    let got = show(
        Language::TypeScript,
        &pattern("typescript", "sleep($N)"),
        text,
        &["N", "function", "async", "loop", "class", "decorators", "handler"],
    );
    assert_eq!(
        got,
        [
            r#"0 |  | false | false |  | [] | false"#,
            r#"1 |  | true | false |  | [] | true"#,
            r#"2 | load | true | false |  | [] | false"#,
            r#"3 | load | true | true |  | [] | false"#,
            r#"4 | load | false | false |  | [] | false"#,
            r#"5 | find | true | true | Visits | ["Get(\":id\")"] | true"#,
            r#"6 | find | true | true | Visits | ["Get(\":id\")"] | true"#,
            r#"7 | save | false | false | Visits | [] | false"#,
            r#"8 |  | false | false |  | [] | false"#,
            r#"9 |  | false | false |  | [] | true"#,
            r#"10 | eachMessage | true | false |  | [] | true"#,
        ]
    );
}

#[test]
fn captures_are_values() {
    let text = "open(\"a.txt\", 'r', mode, `x`, `x${y}`, \"\")\n";
    let run = run_one(Language::JavaScript, &pattern("javascript", "open($A, $B, $$$REST)"), text);
    let raw = &run.raw[0];
    assert_eq!(raw.captures["A"], Value::str("a.txt"));
    assert_eq!(raw.kinds["A"], "string");
    assert_eq!(raw.captures["REST"].display(), r#"["mode","x","`x${y}`",""]"#);
    assert_eq!(raw.span, Span::new(0, text.len() - 1));
    assert_eq!(raw.matcher, MatcherId(7));
    assert!(!raw.captures.contains_key("secondary"));
}

