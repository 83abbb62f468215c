//! No secret value leaves, in any format: values are planted in many kinds of files, and every
//! output is searched for twelve characters in a row of any of them.

use crate::world::{command, stderr, stdout};
use preop::render::Format;
use std::path::Path;

/// Longest part of a secret that an output may hold.
const TOLERATED: usize = 11;

/// Files with invented values; each is put together here, so that no scanner takes this file's
/// text for a live credential.
fn plant(root: &Path) -> Vec<String> {
    let token = ["ghp", "_", "a8Kd02mfLqPz7RtYw3XvBn5Hj9Gc1Es4Uo6T"].concat();
    let stripe = ["sk_live", "_", "51Hq8ZkLm3NpQrStUvWxYz72"].concat();
    let password = ["Zebra", "-Quilt-", "9471-Harbor"].concat();
    let key = [
        "9f8e7d6c5b4a3f2e",
        "1d0c9b8a7f6e5d4c",
        "3b2a1f0e9d8c7b6a",
        "5f4e3d2c1b0a9f8e",
    ]
    .concat();
    let url = format!("postgresql://clinic:{password}@db.internal.example.org:5432/ehr");
    let files = [
        (
            ".env",
            format!("DATABASE_URL={url}\nENCRYPTION_KEY={key}\nGITHUB_TOKEN={token}\n"),
        ),
        (
            "app/settings.py",
            format!("GITHUB = \"{token}\"\nSECRET_KEY = \"{password}\"\n"),
        ),
        (
            "app/long.js",
            format!(
                "var a = '{}'; var token = '{stripe}'; var b = '{}';\n",
                "x".repeat(3000),
                "y".repeat(3000)
            ),
        ),
        (
            "src/config.ts",
            format!("export const jwtSecret = process.env.JWT_SECRET || \"{password}\"\n"),
        ),
        (
            "compose.yaml",
            format!(
                "services:\n  api:\n    image: clinic/api:{token}\n    environment:\n      - API_KEY={stripe}\n      - DB=${{DB:-{url}}}\n"
            ),
        ),
        ("broken.yaml", format!("a: [unclosed\n token: {token}\n")),
        ("broken.json", format!("{{\"api_key\": \"{stripe}\", ")),
        (
            "k8s/secret.yaml",
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\nstringData:\n  url: {url}\n"
            ),
        ),
        (
            "docs/STATUS.md",
            format!("EXPOSED: `ENCRYPTION_KEY={key}` and {url}\n"),
        ),
        (
            "package.json",
            format!(
                "{{\"name\": \"{token}\", \"scripts\": {{\"start\": \"TOKEN={token} node x.js\"}}}}\n"
            ),
        ),
        (
            "Dockerfile",
            format!("FROM node:20\nENV STRIPE_KEY={stripe}\nCMD [\"node\"]\n"),
        ),
        (
            ".github/workflows/ci.yml",
            format!(
                "on: push\njobs:\n  a:\n    runs-on: x\n    env: {{TOKEN: {token}}}\n    steps: [{{run: 'curl -H \"Authorization: Bearer {token}\" x'}}]\n"
            ),
        ),
        (
            "preop.yaml",
            format!(
                "apiVersion: preop.dev/v1\nkind: Config\nspec:\n  waivers:\n    - {{rule: {token}, reason: 'because {password} is fine'}}\n"
            ),
        ),
        (
            "notes.txt",
            "patient 078-05-1120, MRN: 00123456, dob: 1980-02-29\n".to_owned(),
        ),
    ];
    for (name, text) in files {
        let file = root.join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("folder");
        std::fs::write(file, text).expect("file");
    }
    vec![token, stripe, password, key]
}

fn leaks(output: &str, secrets: &[String]) -> Vec<String> {
    secrets
        .iter()
        .filter(|secret| {
            (0..secret.len() - TOLERATED).any(|at| output.contains(&secret[at..=at + TOLERATED]))
        })
        .map(|secret| format!("{}…", &secret[..6]))
        .collect()
}

#[test]
fn no_format_log_or_error_holds_a_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let secrets = plant(folder.path());
    let root = folder.path().to_str().expect("UTF-8");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for format in Format::ALL {
        for extra in [&[][..], &["--isolated"][..]] {
            let output = command(["audit", "-f", format.as_str(), root])
                .args(extra)
                .output()
                .expect("it ends");
            for (stream, text) in [("stdout", stdout(&output)), ("stderr", stderr(&output))] {
                seen += text.len();
                for leak in leaks(&text, &secrets) {
                    wrong.push(format!("{} {extra:?} {stream}: {leak}", format.as_str()));
                }
            }
        }
    }
    let facts = command(["facts", root]).output().expect("it ends");
    for leak in leaks(&stdout(&facts), &secrets) {
        wrong.push(format!("facts: {leak}"));
    }
    assert!(seen > 10_000, "the reports say something");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_planted_secrets_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    plant(folder.path());
    let root = folder.path().to_str().expect("UTF-8");
    let output = command(["audit", "--isolated", "-f", "json", root])
        .output()
        .expect("it ends");
    let text = stdout(&output);
    for rule in [
        "secret-token-github",
        "secret-token-stripe",
        "secret-connection-string",
        "secret-fallback-default",
    ] {
        assert!(
            text.contains(&format!("\"rule\": \"{rule}\"")),
            "{rule} is not found"
        );
    }
}
