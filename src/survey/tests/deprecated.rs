//! Who imports what is called deprecated.

use super::World;

#[test]
fn importers_are_told_through_files_that_pass_the_name_on() {
    let survey = World::default()
        .manifest("package.json", "npm")
        .file("src/socket.ts", &[])
        .fact("deprecated-symbol", "src/socket.ts", &[("name", "Socket")])
        .file("src/index.ts", &["./socket: Socket"])
        .file("src/report.ts", &["./index: Socket, Other"])
        .file("src/other.ts", &["./socket: connect"])
        .file("src/foreign.ts", &["socket.io: Socket"])
        .survey();
    let uses: Vec<_> = survey
        .facts
        .iter()
        .filter(|fact| &*fact.kind == "deprecated-use")
        .map(|fact| (fact.hit.location.path.as_str(), fact.text("name")))
        .collect();
    let name = Some("Socket");
    assert_eq!(uses, [("src/index.ts", name), ("src/report.ts", name)]);
    let mut facts = survey.facts.iter();
    let first = facts.find(|fact| &*fact.kind == "deprecated-use");
    assert_eq!(&*first.unwrap().hit.excerpt, "./socket: Socket");
}
