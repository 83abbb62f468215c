//! Function, class, loop, decorators and handlers in every language with a grammar.

use super::{Language, Value, pattern, run_one};

/// The rows of a table, one a line.
fn rows(table: &str) -> Vec<&str> {
    table.trim().lines().map(str::trim).collect()
}

/// One line for each hit: the text of the hit and the captures asked for.
fn show(language: Language, yaml: &str, text: &str, names: &[&str]) -> Vec<String> {
    let run = run_one(language, yaml, text);
    assert_eq!(run.skipped, None);
    let hits = run.raw.iter().map(|raw| {
        let captures = names.iter().map(|name| {
            raw.captures
                .get(*name)
                .map_or("-".to_owned(), Value::display)
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
        &[
            "N",
            "function",
            "async",
            "loop",
            "class",
            "decorators",
            "handler",
        ],
    );
    assert_eq!(
        got,
        rows(
            r#"
            0 |  | false | false |  | [] | false
            1 | patients | true | false |  | ["app.get(\"/patients/{id}\")"] | true
            2 | patients | true | false |  | ["app.get(\"/patients/{id}\")"] | true
            3 | patients | true | true |  | ["app.get(\"/patients/{id}\")"] | true
            4 | patients | true | true |  | ["app.get(\"/patients/{id}\")"] | true
            5 | inner | false | false | Chart | [] | true
            6 | get | false | true | Chart | ["property"] | true
        "#
        )
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
        &[
            "N",
            "function",
            "async",
            "loop",
            "class",
            "decorators",
            "handler",
        ],
    );
    assert_eq!(
        got,
        rows(
            r#"
            0 |  | false | false |  | [] | false
            1 |  | true | false |  | [] | true
            2 | load | true | false |  | [] | false
            3 | load | true | true |  | [] | false
            4 | load | false | false |  | [] | false
            5 | find | true | true | Visits | ["Get(\":id\")"] | true
            6 | find | true | true | Visits | ["Get(\":id\")"] | true
            7 | save | false | false | Visits | [] | false
            8 |  | false | false |  | [] | false
            9 |  | false | false |  | [] | true
            10 | eachMessage | true | false |  | [] | true
        "#
        )
    );
}

/// The number that tells hits apart, and all of a hit's surroundings.
const FIELDS: [&str; 7] = [
    "N",
    "function",
    "async",
    "loop",
    "class",
    "decorators",
    "handler",
];

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
        rows(
            r#"
            0 |  | false | false | Visits | [] | false
            1 | all | false | false | Visits | ["GetMapping(\"/visits\")","Transactional"] | true
            2 | all | false | true | Visits | ["GetMapping(\"/visits\")","Transactional"] | true
            3 | all | false | true | Visits | ["GetMapping(\"/visits\")","Transactional"] | true
            4 | all | false | false | Visits | ["GetMapping(\"/visits\")","Transactional"] | true
            5 | all | false | true | Visits | ["GetMapping(\"/visits\")","Transactional"] | true
            6 | all | false | false | Visits | ["GetMapping(\"/visits\")","Transactional"] | true
            7 | Visits | false | false | Visits | [] | false
            8 | onMessage | false | false | Visits | [] | true
        "#
        )
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
        show(
            Language::Kotlin,
            &pattern("kotlin", "sleep($N)"),
            text,
            &FIELDS
        ),
        rows(
            r#"
            0 | take | true | false | Orders | ["KafkaListener(topics = [\"orders\"])"] | true
            1 | take | true | true | Orders | ["KafkaListener(topics = [\"orders\"])"] | true
            2 | take | true | true | Orders | ["KafkaListener(topics = [\"orders\"])"] | true
            3 | take | false | false | Orders | ["KafkaListener(topics = [\"orders\"])"] | true
            4 | now | false | false | Clock | [] | false
            5 | module | false | false |  | [] | true
        "#
        )
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
        show(
            Language::CSharp,
            &pattern("csharp", "Sleep($N)"),
            text,
            &FIELDS
        ),
        rows(
            r#"
            0 | One | true | false | Beds | ["HttpGet(\"{id}\")","Authorize"] | true
            1 | One | true | true | Beds | ["HttpGet(\"{id}\")","Authorize"] | true
            2 | One | true | true | Beds | ["HttpGet(\"{id}\")","Authorize"] | true
            3 | Local | false | false | Beds | [] | true
            4 | One | false | false | Beds | ["HttpGet(\"{id}\")","Authorize"] | true
            5 | get | false | false | Beds | [] | false
            6 |  | true | false |  | [] | true
        "#
        )
    );
    let text = r#"package main

func (s *Store[K]) Load(id string) { for { sleep(0) } }
func Show(w http.ResponseWriter, r *http.Request) { for _, x := range sleep(1) { sleep(2) } }
func List(c *gin.Context) { for i := sleep(3); i < 2; i++ { go func() { sleep(4) }() } }
func main() { http.HandleFunc("/x", func(a A) { sleep(5) }); sleep(6) }
"#;
    assert_eq!(
        show(Language::Go, &pattern("go", "sleep($N)"), text, &FIELDS),
        rows(
            r"
            0 | Load | false | true | Store | [] | false
            1 | Show | false | false |  | [] | true
            2 | Show | false | true |  | [] | true
            3 | List | false | false |  | [] | true
            4 | List | false | false |  | [] | true
            5 | main | false | false |  | [] | true
            6 | main | false | false |  | [] | false
        "
        )
    );
}

#[test]
fn surroundings_of_php_and_ruby() {
    let text = r"<?php
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
";
    assert_eq!(
        show(Language::Php, &pattern("php", "nap($N)"), text, &FIELDS),
        rows(
            r#"
            0 | index | false | false | UserController | ["Route('/users')","Cache"] | true
            1 | index | false | true | UserController | ["Route('/users')","Cache"] | true
            2 | index | false | false | UserController | ["Route('/users')","Cache"] | true
            3 | index | false | true | UserController | ["Route('/users')","Cache"] | true
            4 | index | false | false | UserController | ["Route('/users')","Cache"] | true
            5 |  | false | false |  | [] | true
            6 | f | false | false |  | [] | false
        "#
        )
    );
    let text = r"
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
";
    assert_eq!(
        show(Language::Ruby, &pattern("ruby", "nap($N)"), text, &FIELDS),
        rows(
            r"
            0 | index | false | false | VisitsController | [] | true
            1 | index | false | true | VisitsController | [] | true
            2 | index | false | true | VisitsController | [] | true
            3 | index | false | true | VisitsController | [] | true
            4 | index | false | true | VisitsController | [] | true
            5 | index | false | false | VisitsController | [] | true
            6 | make | false | false | VisitsController | [] | false
            7 |  | false | false |  | [] | true
        "
        )
    );
}

#[test]
fn a_function_is_inside_itself() {
    let text = "class A:\n  @app.get('/x')\n  async def f(self): pass\n";
    let rule =
        "{languages: [python], rule: {any: [{kind: decorator}, {kind: function_definition}]}}";
    assert_eq!(
        show(Language::Python, rule, text, &FIELDS[1..]),
        rows(
            r#"
            f | true | false | A | ["app.get('/x')"] | true
            f | true | false | A | ["app.get('/x')"] | true
        "#
        )
    );
    let text = "class A { @Get() @Roles('x') find() {} }";
    let rule =
        "{languages: [typescript], rule: {any: [{kind: decorator}, {kind: method_definition}]}}";
    assert_eq!(
        show(
            Language::TypeScript,
            rule,
            text,
            &["function", "decorators"]
        ),
        [r#"find | ["Get()","Roles('x')"]"#; 3]
    );
}
