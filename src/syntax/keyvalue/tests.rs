use crate::model::RepoPath;
use crate::syntax::{Document, Format, Selector, parse};

fn read(format: Format, text: &str) -> Document {
    parse(format, &RepoPath::new("a").unwrap(), text).unwrap()
}

fn show(format: Format, text: &str) -> String {
    let document = read(format, text);
    document.value(document.roots[0], 1000).display()
}

fn place(format: Format, text: &str, path: &str) -> String {
    let document = read(format, text);
    let hit = &Selector::compile(path).unwrap().select(&document)[0];
    text.get(hit.hit_span(&document).range())
        .unwrap()
        .to_owned()
}

#[test]
fn env_files_keep_text_as_it_is() {
    for (text, want) in [
        (
            "A=1\r\n# B=2\r\n  export C = x y # c\r\n",
            r#"{"A":"1","C":"x y"}"#,
        ),
        (
            "A='it # is' # c\nB=\"a\\n\\\"b\\\"\"\nC=`x`\n",
            r#"{"A":"it # is","B":"a\n\"b\"","C":"x"}"#,
        ),
        (
            "K=\"-----BEGIN\nabc\n-----END\"\nB=1\n",
            r#"{"B":"1","K":"-----BEGIN\nabc\n-----END"}"#,
        ),
        ("A=it's\nB='x\nC='y\n", r#"{"A":"it's","B":"'x","C":"'y"}"#),
        (
            "A=\nB=#c\nC=a#b\nD=\"\"\n",
            r#"{"A":"","B":"","C":"a#b","D":""}"#,
        ),
        (
            "A=$B\nC=${D}\nE=${F:-g}\nH=pa$$w0rd\nI='${J}'\n",
            r#"{"A":"?","C":"?","E":"${F:-g}","H":"pa$$w0rd","I":"${J}"}"#,
        ),
        ("no assignment\n=x\nif [ \"$A\" = b ]; then\n", "{}"),
        ("\u{feff}A=1", r#"{"A":"1"}"#),
    ] {
        assert_eq!(show(Format::Env, text), want, "{text}");
    }
    let text = "\u{feff}# é\r\nexport A = 'x' # c\r\nKEY=\"a\r\nb\"\r\n";
    assert_eq!(place(Format::Env, text, "$.A"), "A = 'x'");
    assert_eq!(place(Format::Env, text, "$.KEY"), "KEY=\"a");
}

#[test]
fn properties_have_three_separators_and_continued_lines() {
    for (text, want) in [
        ("a=1\nb: 2\nc 3\nd\n", r#"{"a":"1","b":"2","c":"3","d":""}"#),
        ("# c\n! c\n\n  a.b-c = x = y\n", r#"{"a.b-c":"x = y"}"#),
        ("a\\:b\\ c=\\u0041\\t\\q\n", r#"{"a:b c":"A\tq"}"#),
        (
            "l=a,\\\r\n   b,\\\r\n   c\r\nm=1\r\n",
            r#"{"l":"a,b,c","m":"1"}"#,
        ),
        (
            "p=${DB_PASSWORD}\nq=${A:b}\nr=#{x.y}\n",
            r#"{"p":"?","q":"${A:b}","r":"?"}"#,
        ),
        ("x=\\u00\ny=end\\", r#"{"x":"u00","y":"end"}"#),
    ] {
        assert_eq!(show(Format::Properties, text), want, "{text}");
    }
    assert_eq!(
        place(
            Format::Properties,
            "# c\n db.password = x \n",
            "$['db.password']"
        ),
        "db.password = x "
    );
}

#[test]
fn ini_sections_are_mappings() {
    let text =
        "top = 1\n[a b]\nk: v ; c\nlist =\n  x\n  y\nempty\n; c\n[z]\n//host/:_authToken=\"t\"\n";
    let want =
        r#"{"a b":{"empty":null,"k":"v","list":"x\ny"},"top":"1","z":{"//host/:_authToken":"t"}}"#;
    assert_eq!(show(Format::Ini, text), want);
    assert_eq!(place(Format::Ini, text, "$['a b'].k"), "k: v");
    assert_eq!(place(Format::Ini, text, "$['a b']"), "[a b]");
    assert_eq!(
        place(Format::Ini, text, "$.z.*"),
        "//host/:_authToken=\"t\""
    );
}

#[test]
fn hostile_files_end_soon() {
    for line in [
        "A=\"x\n",
        "A='\n",
        "a\\\n",
        "A=\"\\\"\n",
        "[\n",
        " x\n",
        "a=\\u00e9\\\n",
    ] {
        let text = line.repeat((1 << 20) / line.len());
        for format in [Format::Env, Format::Properties, Format::Ini] {
            let _ = read(format, &text);
        }
    }
}
