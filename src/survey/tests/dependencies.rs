//! Dependencies and the frameworks that follow from them.

use super::World;

#[test]
fn a_framework_needs_a_dependency_and_an_import() {
    let world = |imports: &[&str], names: &[&str]| {
        let survey = World::default()
            .manifest("requirements.txt", "python")
            .depends("requirements.txt", "python", names)
            .file("main.py", imports)
            .survey();
        survey
            .service("")
            .frameworks
            .iter()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(world(&["flask: Flask"], &["Flask"]), ["flask"]);
    assert!(world(&["flask: Flask"], &["requests"]).is_empty());
    assert!(world(&["os"], &["Flask"]).is_empty());
}

#[test]
fn names_of_python_packages_have_one_spelling() {
    let survey = World::default()
        .manifest("requirements.txt", "python")
        .depends("requirements.txt", "python", &["Psycopg2_Binary"])
        .file("main.py", &[])
        .survey();
    assert!(
        survey
            .service("")
            .dependencies
            .contains_key("psycopg2-binary")
    );
}

#[test]
fn what_the_workspace_declares_belongs_to_the_members_that_import_it() {
    let survey = World::default()
        .manifest("package.json", "npm")
        .depends("package.json", "npm", &["express", "lodash"])
        .manifest("apps/api/package.json", "npm")
        .file("apps/api/index.ts", &["express"])
        .manifest("apps/web/package.json", "npm")
        .file("apps/web/index.ts", &[])
        .survey();
    let names = |root: &str| {
        survey
            .service(root)
            .dependencies
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names("apps/api"), ["express"]);
    assert!(names("apps/web").is_empty());
    assert!(survey.service("apps/api").frameworks.contains("express"));
}

#[test]
fn what_is_needed_to_develop_is_no_runtime_dependency() {
    let dev = [
        ("ecosystem", "npm"),
        ("name", "express"),
        ("version", "4"),
        ("dev", "true"),
    ];
    let survey = World::default()
        .manifest("package.json", "npm")
        .fact("dependency", "package.json", &dev)
        .file("index.ts", &["express"])
        .survey();
    assert!(survey.service("").dependencies.is_empty());
    assert!(survey.service("").frameworks.is_empty());
}

#[test]
fn patient_data_is_inferred_from_libraries_routes_and_names() {
    let plain = World::default()
        .manifest("package.json", "npm")
        .file("index.ts", &[])
        .survey();
    // The folder of the test repository is called `clinic`.
    assert_eq!(plain.phi, "none");
    let clinical = World::default()
        .manifest("package.json", "npm")
        .depends("package.json", "npm", &["fhir-kit-client"])
        .file("patients/index.ts", &["express"])
        .fact("http-server", "patients/index.ts", &[("variable", "app")])
        .fact(
            "route",
            "patients/index.ts",
            &[("receiver", "app"), ("path", "/patients")],
        )
        .survey();
    assert_eq!(clinical.phi, "likely");
}

#[test]
fn words_count_only_when_they_stand_alone() {
    let survey = World::default()
        .manifest("package.json", "npm")
        .fact("package", "package.json", &[("name", "impatient-wardrobe")])
        .file("forwarder/index.ts", &[])
        .survey();
    assert_eq!(survey.phi, "none");
}
