use crate::model::{RepoPath, SkipReason};
use crate::syntax::{Document, Format, Selector, Unparsed, parse};

fn read(text: &str) -> Result<Document, Unparsed> {
    parse(Format::Xml, &RepoPath::new("a.xml").unwrap(), text)
}

fn show(text: &str) -> String {
    let document = read(text).unwrap();
    document.value(document.roots[0], 1000).display()
}

#[test]
fn elements_are_mappings_lists_or_text() {
    for (text, want) in [
        ("<a/>", r#"{"a":null}"#),
        (
            "<a>x &amp; &#x41;&unknown; </a>",
            r#"{"a":"x & A&unknown;"}"#,
        ),
        (
            "<a b='1' c:d=\"2\">x</a>",
            r##"{"a":{"#text":"x","@b":"1","@c:d":"2"}}"##,
        ),
        (
            "<a><b>1</b><c/><b k='v'/></a>",
            r#"{"a":{"b":["1",{"@k":"v"}],"c":null}}"#,
        ),
        ("<a><![CDATA[<x> & y]]></a>", r#"{"a":"<x> & y"}"#),
        ("<v>${revision}</v>", r#"{"v":"?"}"#),
        (
            "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x \"]>\">]>\n<!-- <b> -->\n<a>1<!-- c -->2</a>\n",
            r#"{"a":"12"}"#,
        ),
    ] {
        assert_eq!(show(text), want, "{text}");
    }
}

#[test]
fn places_are_exact() {
    let text = "\u{feff}<project>\r\n  <version>1</version>\r\n  <d>\r\n    <id>é</id>\r\n  </d>\r\n  <d x='y'/>\r\n</project>\r\n";
    let document = read(text).unwrap();
    let place = |path: &str| {
        let hit = &Selector::compile(path).unwrap().select(&document)[0];
        &text[hit.hit_span(&document).range()]
    };
    assert_eq!(place("$.project.version"), "<version>1</version>");
    assert_eq!(place("$.project.d[0]"), "<d>");
    assert_eq!(place("$.project.d[0].id"), "<id>é</id>");
    assert_eq!(place("$.project.d[1]['@x']"), "x='y");
}

#[test]
fn what_is_not_xml_is_refused() {
    for text in [
        "", "x", "<a>", "<a></b>", "<a", "<a b>", "<a b=c/>", "<a/><b/>", "</a>", "<!-- ",
        "<a b='>",
    ] {
        assert_eq!(
            read(text).unwrap_err().reason,
            SkipReason::Malformed,
            "{text}"
        );
    }
    assert_eq!(
        read("<a>\n</b>").unwrap_err().detail,
        "not valid XML at line 2"
    );
    assert_eq!(
        read(&"<a>".repeat(100_000)).unwrap_err().reason,
        SkipReason::TooDeep
    );
    assert_eq!(
        read(&"&lt".repeat(300_000)).unwrap_err().reason,
        SkipReason::Malformed
    );
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>";
    assert_eq!(show(laughs), r#"{"l":"&b;"}"#);
}
