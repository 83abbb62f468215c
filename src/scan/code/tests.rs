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


/// The number that tells hits apart, and all of a hit's surroundings.
const FIELDS: [&str; 7] = ["N", "function", "async", "loop", "class", "decorators", "handler"];

#[test]
fn surroundings_of_java_and_kotlin() {
    let text = r#"
@RestController
class Visits {
    int a = sleep(0);
    @GetMapping("/visits")
    @Transactional
    public List<Visit> all() {
        for (int i = sleep(1); i < sleep(2); i++) { sleep(3); }
        for (var v : sleep(4)) { sleep(5); }
        run(() -> sleep(6));
        return null;
    }
    Visits() { sleep(7); }
    void onMessage(Message m) { sleep(8); }
}
"#;
    assert_eq!(
        show(Language::Java, &pattern("java", "sleep($N)"), text, &FIELDS),
        [
            r#"0 |  | false | false | Visits | [] | false"#,
            r#"1 | all | false | false | Visits | ["GetMapping(\"/visits\")","Transactional"] | true"#,
            r#"2 | all | false | true | Visits | ["GetMapping(\"/visits\")","Transactional"] | true"#,
            r#"3 | all | false | true | Visits | ["GetMapping(\"/visits\")","Transactional"] | true"#,
            r#"4 | all | false | false | Visits | ["GetMapping(\"/visits\")","Transactional"] | true"#,
            r#"5 | all | false | true | Visits | ["GetMapping(\"/visits\")","Transactional"] | true"#,
            r#"6 | all | false | false | Visits | ["GetMapping(\"/visits\")","Transactional"] | true"#,
            r#"7 | Visits | false | false | Visits | [] | false"#,
            r#"8 | onMessage | false | false | Visits | [] | true"#,
        ]
    );
    let text = r#"
class Orders {
    @KafkaListener(topics = ["orders"])
    suspend fun take(order: Order) {
        for (o in sleep(0)) { sleep(1) }
        while (sleep(2)) { list.forEach { sleep(3) } }
    }
}
object Clock {
    fun now() = sleep(4)
}
fun Application.module() { routing { get("/health") { sleep(5) } } }
"#;
    assert_eq!(
        show(Language::Kotlin, &pattern("kotlin", "sleep($N)"), text, &FIELDS),
        [
            r#"0 | take | true | false | Orders | ["KafkaListener(topics = [\"orders\"])"] | true"#,
            r#"1 | take | true | true | Orders | ["KafkaListener(topics = [\"orders\"])"] | true"#,
            r#"2 | take | true | true | Orders | ["KafkaListener(topics = [\"orders\"])"] | true"#,
            r#"3 | take | false | false | Orders | ["KafkaListener(topics = [\"orders\"])"] | true"#,
            r#"4 | now | false | false | Clock | [] | false"#,
            r#"5 | module | false | false |  | [] | true"#,
        ]
    );
}

#[test]
fn surroundings_of_csharp_and_go() {
    let text = r#"
public class Beds : ControllerBase {
    [HttpGet("{id}"), Authorize]
    public async Task<Bed> One(int id) {
        foreach (var b in Sleep(0)) { Sleep(1); }
        do { Sleep(2); } while (true);
        void Local() { Sleep(3); }
        items.Select(i => Sleep(4));
        return null;
    }
    int Size { get { return Sleep(5); } }
}
app.MapGet("/beds", async () => Sleep(6));
"#;
    assert_eq!(
        show(Language::CSharp, &pattern("csharp", "Sleep($N)"), text, &FIELDS),
        [
            r#"0 | One | true | false | Beds | ["HttpGet(\"{id}\")","Authorize"] | true"#,
            r#"1 | One | true | true | Beds | ["HttpGet(\"{id}\")","Authorize"] | true"#,
            r#"2 | One | true | true | Beds | ["HttpGet(\"{id}\")","Authorize"] | true"#,
            r#"3 | Local | false | false | Beds | [] | true"#,
            r#"4 | One | false | false | Beds | ["HttpGet(\"{id}\")","Authorize"] | true"#,
            r#"5 | get | false | false | Beds | [] | false"#,
            r#"6 |  | true | false |  | [] | true"#,
        ]
    );
    let text = r#"package main

func (s *Store[K]) Load(id string) { for { sleep(0) } }
func Show(w http.ResponseWriter, r *http.Request) { for _, x := range sleep(1) { sleep(2) } }
func List(c *gin.Context) { for i := sleep(3); i < 2; i++ { go func() { sleep(4) }() } }
func main() { http.HandleFunc("/x", func(a A) { sleep(5) }); sleep(6) }
"#;
    assert_eq!(
        show(Language::Go, &pattern("go", "sleep($N)"), text, &FIELDS),
        [
            r#"0 | Load | false | true | Store | [] | false"#,
            r#"1 | Show | false | false |  | [] | true"#,
            r#"2 | Show | false | true |  | [] | true"#,
            r#"3 | List | false | false |  | [] | true"#,
            r#"4 | List | false | false |  | [] | true"#,
            r#"5 | main | false | false |  | [] | true"#,
            r#"6 | main | false | false |  | [] | false"#,
        ]
    );
}

#[test]
fn surroundings_of_php_and_ruby() {
    let text = r#"<?php
class UserController {
    #[Route('/users'), Cache]
    public function index(Request $request) {
        foreach (nap(0) as $u) { nap(1); }
        for ($i = nap(2); ; ) { while (nap(3)) {} }
        array_map(fn ($x) => nap(4), $y);
    }
}
Route::get('/x', function () { return nap(5); });
$f = function () { nap(6); };
"#;
    assert_eq!(
        show(Language::Php, &pattern("php", "nap($N)"), text, &FIELDS),
        [
            r#"0 | index | false | false | UserController | ["Route('/users')","Cache"] | true"#,
            r#"1 | index | false | true | UserController | ["Route('/users')","Cache"] | true"#,
            r#"2 | index | false | false | UserController | ["Route('/users')","Cache"] | true"#,
            r#"3 | index | false | true | UserController | ["Route('/users')","Cache"] | true"#,
            r#"4 | index | false | false | UserController | ["Route('/users')","Cache"] | true"#,
            r#"5 |  | false | false |  | [] | true"#,
            r#"6 | f | false | false |  | [] | false"#,
        ]
    );
    let text = r#"
class VisitsController < ApplicationController
  def index
    nap(0).each { |v| nap(1) }
    while nap(2) do nap(3) end
    nap(4) until done
    with_lock do nap(5) end
  end
  def self.make; nap(6); end
end
get '/health' do
  nap(7)
end
"#;
    assert_eq!(
        show(Language::Ruby, &pattern("ruby", "nap($N)"), text, &FIELDS),
        [
            r#"0 | index | false | false | VisitsController | [] | true"#,
            r#"1 | index | false | true | VisitsController | [] | true"#,
            r#"2 | index | false | true | VisitsController | [] | true"#,
            r#"3 | index | false | true | VisitsController | [] | true"#,
            r#"4 | index | false | true | VisitsController | [] | true"#,
            r#"5 | index | false | false | VisitsController | [] | true"#,
            r#"6 | make | false | false | VisitsController | [] | false"#,
            r#"7 |  | false | false |  | [] | true"#,
        ]
    );
}

#[test]
fn a_function_is_inside_itself() {
    let text = "class A:\n  @app.get('/x')\n  async def f(self): pass\n";
    let rule = "{languages: [python], rule: {any: [{kind: decorator}, {kind: function_definition}]}}";
    assert_eq!(
        show(Language::Python, rule, text, &FIELDS[1..]),
        [
            r#"f | true | false | A | ["app.get('/x')"] | true"#,
            r#"f | true | false | A | ["app.get('/x')"] | true"#,
        ]
    );
    let text = "class A { @Get() @Roles('x') find() {} }";
    let rule = "{languages: [typescript], rule: {any: [{kind: decorator}, {kind: method_definition}]}}";
    assert_eq!(
        show(Language::TypeScript, rule, text, &["function", "decorators"]),
        [r#"find | ["Get()","Roles('x')"]"#; 3]
    );
}

#[test]
fn hits_beyond_the_bound_are_counted() {
    let text = "f(a)\n".repeat(MAX_HITS + 17);
    let run = run_one(Language::Python, &pattern("python", "f($A)"), &text);
    assert_eq!(run.raw.len(), MAX_HITS);
    let (reason, detail) = run.skipped.unwrap();
    assert_eq!(reason, SkipReason::TooManyHits);
    assert!(detail.starts_with("17 "), "{detail}");
}

#[test]
fn long_values_are_cut_between_characters() {
    let text = format!("f('{}')\n", "é".repeat(5_000));
    let run = run_one(Language::Python, &pattern("python", "f($A)"), &text);
    let length = |value: &Value| value.as_str().unwrap().len();
    assert!(length(&run.raw[0].value) <= 4 << 10);
    assert_eq!(length(&run.raw[0].captures["A"]), 4 << 10);
}

#[test]
fn a_file_without_matchers_of_its_language_is_not_parsed() {
    let run = run_one(Language::Go, &pattern("python", "f($A)"), "not go at all (");
    assert!(run.raw.is_empty() && run.skipped.is_none());
}

#[test]
fn hostile_code_costs_its_budget() {
    let nested = "f(".repeat(200) + &")".repeat(200) + ";\n";
    let siblings = "f(a);\n".repeat(60_000);
    let budget = Duration::from_millis(300);
    for (rule, text) in [
        ("{kind: call_expression, has: {kind: regex, stopBy: end}}", nested.repeat(500)),
        ("{kind: expression_statement, precedes: {kind: regex, stopBy: end}}", siblings.clone()),
        ("{kind: expression_statement, follows: {kind: regex, stopBy: end}}", siblings.clone()),
        ("{kind: expression_statement, nthChild: 70000}", siblings),
    ] {
        let matcher = compile(&format!("{{languages: [javascript], rule: {rule}}}"));
        let start = Instant::now();
        let run = run(Language::JavaScript, &text, &[(MatcherId(0), &matcher)], budget);
        let spent = start.elapsed();
        assert!(spent < Duration::from_secs(3), "{rule}: {spent:?}");
        assert!(run.raw.is_empty());
    }
}

#[test]
fn the_deepest_tree_fits_a_small_stack() {
    let matching = || {
        let deep = "[".repeat(300) + &"]".repeat(300);
        let text = format!("{deep} == {deep};\n{}", "(".repeat(150) + "a" + &")".repeat(150));
        for rule in [
            "{pattern: $A == $A}",
            "{kind: array, has: {kind: regex, stopBy: {kind: regex}}}",
            "{kind: parenthesized_expression, inside: {kind: regex, stopBy: end}}",
        ] {
            let matcher = compile(&format!("{{languages: [javascript], rule: {rule}}}"));
            let plenty = Duration::from_secs(60);
            let run = run(Language::JavaScript, &text, &[(MatcherId(0), &matcher)], plenty);
            assert_eq!(run.skipped, None, "{rule}");
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(matching).unwrap().join().unwrap();
}
