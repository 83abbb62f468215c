//! Rules on Kubernetes see every kind of workload through its pod template, and the containers
//! that run before and beside the others.

use crate::world::RULES;
use preop::model::RepoPath;
use preop::source::Memory;
use preop::{Plan, audit};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds with their API, and what they run for: a job ends, and whoever runs a service of Knative
/// (Cloud Run often) gives it bounds, a user and probes of its own.
const KINDS: [(&str, &str, Runs); 10] = [
    ("Deployment", "apps/v1", Runs::On),
    ("StatefulSet", "apps/v1", Runs::On),
    ("DaemonSet", "apps/v1", Runs::On),
    ("ReplicaSet", "apps/v1", Runs::On),
    ("ReplicationController", "v1", Runs::On),
    ("Pod", "v1", Runs::On),
    ("Rollout", "argoproj.io/v1alpha1", Runs::On),
    ("Job", "batch/v1", Runs::Ends),
    ("CronJob", "batch/v1", Runs::Ends),
    ("Service", "serving.knative.dev/v1", Runs::Elsewhere),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    On,
    Ends,
    Elsewhere,
}

/// What a container must say so that nobody complains.
const SOUND: [(&str, &str); 4] = [
    ("image", "clinic/api:1.4.2"),
    (
        "resources",
        "{requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}",
    ),
    (
        "securityContext",
        "{runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}",
    ),
    ("readinessProbe", "{httpGet: {path: /ready, port: 8080}}"),
];

/// One change to a sound container, and the rule that must notice it.
struct Defect {
    rule: &'static str,
    key: &'static str,
    value: &'static str,
    /// Which kinds it matters for.
    matters: fn(Runs) -> bool,
    /// Does it matter in containers that run before the others?
    before: bool,
}

fn always(_: Runs) -> bool {
    true
}

fn in_cluster(runs: Runs) -> bool {
    runs != Runs::Elsewhere
}

fn runs_on(runs: Runs) -> bool {
    runs == Runs::On
}

const DEFECTS: [Defect; 8] = [
    Defect {
        rule: "k8s-resources-unset",
        key: "resources",
        value: "{}",
        matters: in_cluster,
        before: true,
    },
    Defect {
        rule: "k8s-hardening-incomplete",
        key: "securityContext",
        value: "{}",
        matters: in_cluster,
        before: true,
    },
    Defect {
        rule: "container-privileged-or-host-access",
        key: "securityContext",
        value: "{privileged: true}",
        matters: always,
        before: true,
    },
    Defect {
        rule: "container-image-unpinned",
        key: "image",
        value: "clinic/api:latest",
        matters: always,
        before: true,
    },
    Defect {
        rule: "config-runtime-eol",
        key: "image",
        value: "python:3.7-slim",
        matters: always,
        before: false,
    },
    Defect {
        rule: "k8s-readiness-missing",
        key: "readinessProbe",
        value: "",
        matters: runs_on,
        before: false,
    },
    Defect {
        rule: "k8s-liveness-unsafe",
        key: "livenessProbe",
        value: "{httpGet: {path: /ready, port: 8080}}",
        matters: |runs| runs != Runs::Ends,
        before: false,
    },
    Defect {
        rule: "k8s-ephemeral-clinical-state",
        key: "image",
        value: "postgres:16.4",
        matters: runs_on,
        before: false,
    },
];

fn container(name: &str, changes: &[(&str, &str)]) -> String {
    let mut entries: BTreeMap<&str, &str> = SOUND.into();
    entries.extend(changes.iter().copied());
    let mut out = format!("{{name: {name}, ports: [{{containerPort: 8080}}]");
    for (key, value) in entries.into_iter().filter(|(_, value)| !value.is_empty()) {
        out.push_str(&format!(", {key}: {value}"));
    }
    out + "}"
}

/// A workload, and the service in front of it.
fn manifest(kind: &str, api: &str, name: &str, init: &str, main: &str) -> String {
    let metadata = format!("{{name: {name}, labels: {{app: {name}}}}}");
    let pod = format!("{{initContainers: [{init}], containers: [{main}]}}");
    let template = format!("template: {{metadata: {metadata}, spec: {pod}}}");
    let spec = match kind {
        "Pod" => pod,
        "CronJob" => format!("{{jobTemplate: {{spec: {{{template}}}}}}}"),
        _ => format!("{{replicas: 2, {template}}}"),
    };
    format!(
        "apiVersion: {api}\nkind: {kind}\nmetadata: {metadata}\nspec: {spec}\n---\n\
         apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n\
         spec: {{selector: {{app: {name}}}, ports: [{{port: 80, targetPort: 8080}}]}}\n"
    )
}

/// What the rules of the table say of these files: path and rule.
fn findings(files: BTreeMap<RepoPath, Vec<u8>>) -> BTreeSet<(String, String)> {
    let report = audit(&Memory::new(files), &RULES, &Plan::default()).expect("it can be audited");
    let findings = report.findings();
    let of_table = findings
        .iter()
        .filter(|finding| DEFECTS.iter().any(|defect| defect.rule == finding.rule));
    let mut out = BTreeSet::new();
    for finding in of_table {
        out.insert((finding.location.path.to_string(), finding.rule.clone()));
        let more = finding.related.iter();
        out.extend(more.map(|related| (related.location.path.to_string(), finding.rule.clone())));
    }
    out
}

#[test]
fn every_kind_of_workload_is_judged() {
    let mut files = BTreeMap::new();
    let mut wanted = BTreeSet::new();
    let sound = |name: &str| container(name, &[]);
    for (kind, api, runs) in KINDS {
        for (number, defect) in DEFECTS.iter().enumerate() {
            let wrong = container("wrong", &[(defect.key, defect.value)]);
            for before in [false, true] {
                if !(defect.matters)(runs) || (before && !defect.before) {
                    continue;
                }
                let name = format!("{}-{number}-{before}", kind.to_lowercase());
                let (init, main) = if before {
                    (wrong.clone(), sound("main"))
                } else {
                    (sound("init"), wrong.clone())
                };
                let path = format!("deploy/{name}.yaml");
                let text = manifest(kind, api, &name, &init, &main);
                files.insert(RepoPath::new(&path).expect("a path"), text.into_bytes());
                wanted.insert((path, defect.rule.to_owned()));
            }
        }
    }
    let found = findings(files);
    let missing: Vec<_> = wanted.difference(&found).collect();
    assert!(missing.is_empty(), "not noticed: {missing:#?}");
}

#[test]
fn sound_workloads_of_every_kind_are_quiet() {
    let mut files = BTreeMap::new();
    for (kind, api, runs) in KINDS {
        let name = kind.to_lowercase();
        // A job needs no probe.
        let probe: &[(&str, &str)] = if runs == Runs::Ends {
            &[("readinessProbe", "")]
        } else {
            &[]
        };
        let text = manifest(
            kind,
            api,
            &name,
            &container("init", &[]),
            &container("main", probe),
        );
        let path = format!("deploy/{name}.yaml");
        files.insert(RepoPath::new(&path).expect("a path"), text.into_bytes());
    }
    let found = findings(files);
    assert!(found.is_empty(), "{found:#?}");
}
