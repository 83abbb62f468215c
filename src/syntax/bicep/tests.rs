//! What declarations become, where they stand, and what is refused.

use crate::model::RepoPath;
use crate::syntax::{Document, Format, Selector, Unparsed, parse};

fn read(text: &str) -> Result<Document, Unparsed> {
    parse(Format::Bicep, &RepoPath::new("main.bicep").unwrap(), text)
}

const MAIN: &str = r"// An app.
@description('which one')
@allowed([
  'staging'
])
param environment string = 'staging'
@secure()
param password string
param sizes array = [ 1, 2 ]
type pair = { a: int, b: string }
var name = 'app-${environment}'
var days = 7 // a week
resource site 'Microsoft.Web/sites@2023-12-01' = if (environment == 'prod') {
  name: name
  tags: { 'cost center': 'a', 'x${name}': 'b' }
  properties: {
httpsOnly: false
minimum: -1
linuxFxVersion: 'NODE|16-lts'
ftps: environment == 'prod' ? 'Disabled'
  : 'AllAllowed'
settings: [
  { name: 'A', value: '1' }
  { name: 'B', value: password }
]
script: '''
it's plain
'''
  }
  resource config 'config@2023-12-01' = { name: 'web', on: true }
}
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: 'v'
}
resource many 'Microsoft.Storage/storageAccounts@2023-01-01' = [for i in range(0, 3): {
  name: 's${i}'
}]
module net './net.bicep' = {
  name: 'net'
  params: { open: true }
}
output host string = site.properties.defaultHostName
";

#[test]
fn declarations_are_mappings_and_expressions_are_unknown() {
    let document = read(MAIN).unwrap();
    let show = |path: &str| {
        let hits = Selector::compile(path).unwrap().select(&document);
        hits.iter()
            .map(|hit| document.value(hit.node, 99).display())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let site = "$.resource['Microsoft.Web/sites'].site";
    for (path, want) in [
        ("$.param.environment.default", "staging"),
        ("$.param.password", "{}"),
        ("$.param.sizes.default", "[1,2]"),
        ("$.var.name", "?"),
        ("$.var.days", "7"),
        (&format!("{site}.name"), "?"),
        (&format!("{site}.tags['cost center']"), "a"),
        (&format!("{site}.tags"), "?"),
        (&format!("{site}.properties.httpsOnly"), "false"),
        (&format!("{site}.properties.minimum"), "-1"),
        (&format!("{site}.properties.linuxFxVersion"), "NODE|16-lts"),
        (&format!("{site}.properties.ftps"), "?"),
        (&format!("{site}.properties.settings[0].value"), "1"),
        (&format!("{site}.properties.settings[1].value"), "?"),
        (&format!("{site}.properties.script"), "it's plain\n"),
        ("$.resource['Microsoft.Web/sites/config'].config.on", "true"),
        ("$.existing['Microsoft.KeyVault/vaults'].vault.name", "v"),
        ("$.resource['Microsoft.Storage/storageAccounts'].many", "?"),
        ("$.module.net.params.open", "true"),
    ] {
        assert_eq!(show(path), want, "{path}");
    }
}

#[test]
fn places_are_exact() {
    for text in [MAIN.to_owned(), MAIN.replace('\n', "\r\n")] {
        let document = read(&text).unwrap();
        let line = |path: &str| {
            let hit = &Selector::compile(path).unwrap().select(&document)[0];
            let span = document.first_line(hit.hit_span(&document));
            text.get(span.range()).unwrap().to_owned()
        };
        assert_eq!(line("$..httpsOnly"), "httpsOnly: false");
        assert_eq!(
            line("$.resource['Microsoft.Web/sites'].site"),
            "resource site 'Microsoft.Web/sites@2023-12-01' = if (environment == 'prod') {"
        );
    }
}

#[test]
fn hostile_files_are_refused_or_read() {
    for text in [
        "resource a 'b' = {\n".to_owned(),
        format!("var a = {}", "[".repeat(100_000)),
        format!("var a = {}", "{a:".repeat(500)),
        "var a = 'x\n".to_owned(),
        "var a = '${'${'${".to_owned(),
        "var a = { : }".to_owned(),
        "var a = [ ) ]".to_owned(),
    ] {
        let _ = read(&text);
    }
    for text in [
        "",
        "}",
        "resource",
        "param",
        "= = =",
        "\u{e9}\u{e9}'",
        "@@@\n]]",
    ] {
        let _ = read(text);
    }
}
