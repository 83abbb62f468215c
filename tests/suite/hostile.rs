//! A repository that tries to crash, hang, mislead or misuse whoever reads it.
//!
//! `fixtures/hostile` holds what git can hold; [`build`] copies it and lays beside it what git
//! cannot: links, FIFOs, names that are not UTF-8, giants, and secrets that are put together at
//! run time so that no file of this project looks like a leak.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot build its world has failed"
)]

use crate::world::fixture;
use preop::model::{RepoPath, Skipped};
use preop::source::{Disk, Files, Listing, decode};
use rustix::fs::{CWD, Mode, OFlags};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

/// What a run over the repository must find, must not say, and must not do.
pub struct Planted {
    /// Files that must be reported whatever lies beside them: each has a `version` that Compose
    /// no longer reads.
    pub canaries: Vec<String>,
    /// Texts of which no twelve characters in a row may leave the program.
    pub secrets: Vec<String>,
    /// Exists only if something in the repository was executed.
    pub executed: PathBuf,
    /// Text that stands outside the repository, where links lead.
    pub outside: String,
}

impl Planted {
    /// The first secret, or text from outside, of which `output` says twelve characters in a row.
    pub fn leaked(&self, output: &[u8]) -> Option<&str> {
        let windows: BTreeSet<&[u8]> = output.windows(12).collect();
        self.secrets
            .iter()
            .chain([&self.outside])
            .find(|secret| {
                secret
                    .as_bytes()
                    .windows(12)
                    .any(|part| windows.contains(part))
            })
            .map(String::as_str)
    }
}

/// Lays the repository into `root/repository`, which must not exist yet, and what its links lead
/// to beside it. Returns what to expect of it.
pub fn build(root: &Path) -> Planted {
    let target = root.join("repository");
    copy(&fixture("hostile"), &target);
    let outside = token("outside-", 40, 1);
    fs::create_dir(root.join("outside")).unwrap();
    fs::write(
        root.join("outside/docker-compose.yml"),
        format!("version: '{outside}'\n"),
    )
    .unwrap();
    let executed = root.join("executed");

    let mut canaries = vec!["canary/docker-compose.yml".to_owned()];
    canaries.extend(names(&target.join("names")));
    links(&target.join("links"), &root.join("outside"));
    special(&target.join("special"));
    ignore_files(&target.join("ignored"));
    git_folder(&target, &executed);
    giants(&target.join("giants"));
    deep_folders(&target.join("folders"));
    let secrets = secrets(&target.join("secrets"));
    Planted {
        canaries,
        secrets,
        executed,
        outside,
    }
}

/// The folder that [`build`] lays: the target of the audit.
pub fn target(root: &Path) -> PathBuf {
    root.join("repository")
}

const CANARY: &str = "version: \"3.8\"\nservices:\n  api:\n    image: clinic/api:latest\n";

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let copy = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(copy).unwrap();
        } else {
            fs::copy(entry.path(), copy).unwrap();
        }
    }
}

fn put(dir: &Path, name: impl AsRef<OsStr>, text: impl AsRef<[u8]>) {
    fs::create_dir_all(dir).unwrap();
    fs::write(dir.join(name.as_ref()), text).unwrap();
}

/// `length` characters that look random and are the same in every run.
fn token(prefix: &str, length: usize, seed: u64) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let index = usize::try_from(state >> 33).unwrap() % ALPHABET.len();
        char::from(ALPHABET[index])
    };
    prefix.chars().chain((0..length).map(|_| next())).collect()
}

/// Folders with names that act, hide or forge, each with something to report in it.
fn names(dir: &Path) -> Vec<String> {
    let long = "n".repeat(255);
    let hostile = [
        "\u{1b}[2J\u{1b}[H",
        "\u{1b}]0;owned\u{7}",
        "\u{1b}]8;;http:example.org\u{7}click",
        "\u{9b}31m",
        "a\nb",
        "a\r::error::forged",
        "::error::forged",
        "::error file=a,line=1::forged",
        "::stop-commands::x",
        "##[error]forged",
        "a ##[group]x",
        "a,title=forged",
        "a%0A::error::x",
        "##vso[task.complete result=Succeeded]",
        "<script>alert(1)<\u{2215}script>",
        "<img src=x onerror=alert(1)>",
        "\"onmouseover=alert(1) x=\"",
        "'&lt;&amp;",
        "]]>",
        "![x](http:example.org)",
        "[x](javascript:alert(1))",
        "`` ` ```",
        "| a | b |",
        "@everyone #1",
        "# heading",
        "- item",
        "=cmd|' C'!A0",
        "+1",
        "--version",
        "-rf",
        "$(touch executed)",
        "a;b&c|d",
        "~",
        " ",
        "a ",
        " a",
        ".a.",
        "...",
        "\\",
        "\\x41",
        "\\u{1b}",
        "a:1:2",
        "a\\b",
        "%2e%2e",
        "con",
        "*",
        "?",
        "[a]",
        "{a,b}",
        "!a",
        "e\u{301}",
        "\u{e9}",
        "\u{202e}gpj.exe",
        "\u{200b}",
        "\u{feff}",
        "\u{2028}",
        "\u{85}",
        "\u{2066}a\u{2069}",
        "\u{e0041}",
        "\u{1f468}\u{200d}\u{2695}\u{fe0f}",
        &long,
    ];
    for name in hostile {
        put(&dir.join(name), "docker-compose.yml", CANARY);
    }
    // These cannot be a path of a report; they must be named as skipped.
    for name in [&b"caf\xe9"[..], b"\xff\xfe", b"\xed\xa0\x80"] {
        put(
            &dir.join(OsStr::from_bytes(name)),
            "docker-compose.yml",
            CANARY,
        );
    }
    put(dir, OsStr::from_bytes(b"docker-compose.\xff.yml"), CANARY);
    hostile
        .iter()
        .map(|name| format!("names/{name}/docker-compose.yml"))
        .collect()
}

/// Links to everything that must not be read.
fn links(dir: &Path, outside: &Path) {
    fs::create_dir_all(dir.join("in")).unwrap();
    let file = outside.join("docker-compose.yml");
    for (to, name) in [
        (file.as_path(), "docker-compose.yml"),
        (file.as_path(), "preop.yaml"),
        (outside, "folder"),
        (Path::new("../../outside"), "relative"),
        (Path::new("chain-b"), "chain-a"),
        (outside, "chain-b"),
        (Path::new("loop-b"), "loop-a"),
        (Path::new("loop-a"), "loop-b"),
        (Path::new("."), "in/self"),
        (Path::new("../.."), "in/up"),
        (Path::new("/"), "slash"),
        (Path::new("/dev/zero"), "zero.py"),
        (Path::new("/dev/stdin"), "requirements.txt"),
        (Path::new("/proc/self/environ"), ".env"),
        (Path::new("/proc/self/mem"), "package.json"),
        (Path::new("/etc/passwd"), "passwd.yml"),
        (Path::new("nowhere"), "dangling.py"),
    ] {
        symlink(to, dir.join(name)).unwrap();
    }
}

/// Files that are none, and files that this user may not read.
fn special(dir: &Path) {
    fs::create_dir_all(dir).unwrap();
    for name in ["fifo.py", "docker-compose.yml", "package.json"] {
        rustix::fs::mkfifoat(CWD, dir.join(name), Mode::from_raw_mode(0o644)).unwrap();
    }
    // The path of a socket is short by law; it may not fit below a long temporary folder.
    drop(UnixListener::bind(dir.join("s.py")));
    put(dir, "locked.py", "import threading\n");
    fs::set_permissions(dir.join("locked.py"), fs::Permissions::from_mode(0o0)).unwrap();
}

/// Ignore files that hang, fill the memory or hide.
fn ignore_files(dir: &Path) {
    for name in ["fifo", "zero", "many", "hides"] {
        put(&dir.join(name), "docker-compose.yml", CANARY);
    }
    rustix::fs::mkfifoat(CWD, dir.join("fifo/.gitignore"), Mode::from_raw_mode(0o644)).unwrap();
    symlink("/dev/zero", dir.join("zero/.gitignore")).unwrap();
    put(&dir.join("many"), ".gitignore", "*.yml\n".repeat(200_000));
    put(&dir.join("hides"), ".gitignore", "*\n");
    put(&dir.join("hides"), ".ignore", "*\n");
    put(
        &dir.join("hides"),
        ".gitattributes",
        "* binary linguist-generated linguist-vendored\n",
    );
}

/// A `.git` that runs programs when git is started in it, and an index that is none.
fn git_folder(target: &Path, executed: &Path) {
    let git = target.join(".git");
    let touch = format!("#!/bin/sh\ntouch '{}'\n", executed.display());
    for hook in [
        "fsmonitor",
        "post-index-change",
        "pre-commit",
        "post-checkout",
    ] {
        put(&git.join("hooks"), hook, &touch);
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(git.join("hooks").join(hook), mode).unwrap();
    }
    let program = git.join("hooks/fsmonitor");
    let mut config = String::from("[core]\n");
    for key in [
        "fsmonitor",
        "sshCommand",
        "pager",
        "editor",
        "gitProxy",
        "askPass",
    ] {
        writeln!(config, "\t{key} = {}", program.display()).unwrap();
    }
    writeln!(config, "[include]\n\tpath = /dev/zero").unwrap();
    put(&git, "config", config);
    put(
        &git,
        "HEAD",
        "ref: refs/../../../outside/docker-compose.yml\n",
    );
    put(
        &git,
        "index",
        [b"DIRC\0\0\0\x04\xff\xff\xff\xff".as_slice(), &[0xAA; 4096]].concat(),
    );
    put(&git.join("info"), "exclude", "*\n");
}

/// Size, in every direction that a reader may not be ready for.
fn giants(dir: &Path) {
    put(dir, "line.js", "var a=1;".repeat(1 << 19));
    put(dir, "not.py", format!("a = {}b\n", "not ".repeat(100_000)));
    put(
        dir,
        "attribute.py",
        format!("a = b{}\n", ".c".repeat(100_000)),
    );
    put(dir, "brackets.py", "(".repeat(100_000));
    put(
        dir,
        "ternary.js",
        format!("x = {}c;\n", "a?b:".repeat(100_000)),
    );
    // The words that rules look for, so that nobody passes over the file before it is parsed.
    let json =
        "{\"scripts\": {\"start\": \"node .\"}, \"dependencies\": {\"express\": \"*\"}, \"a\": ";
    let toml = "[project]\nname = \"a\"\ndependencies = [\"fastapi\"]\n";
    let document = |case: &str, name: &str, start: &str, text: String| {
        put(&dir.join(case), name, format!("{start}{text}\n"));
    };
    let compose = |case: &str, text: String| document(case, "docker-compose.yml", CANARY, text);
    document("json", "package.json", json, "[".repeat(1 << 20));
    document(
        "toml",
        "pyproject.toml",
        toml,
        format!("a = {}", "[".repeat(1 << 20)),
    );
    document(
        "dotted",
        "pyproject.toml",
        toml,
        format!("{}a = 1", "a.".repeat(100_000)),
    );
    document(
        "xml",
        "pom.xml",
        "<project><dependencies>",
        "<a>".repeat(100_000),
    );
    document(
        "hcl",
        "main.tf",
        "resource \"aws_s3_bucket\" \"a\" {}\n",
        "a = [".repeat(100_000),
    );
    document("sql", "V1__nul.sql", "", "\0".repeat(1 << 20));
    compose("flow", format!("a: {}", "[".repeat(1 << 20)));
    compose("sequence", format!("a:\n  {}a", "- ".repeat(100_000)));
    compose("documents", "---\na: 1\n".repeat(100_000));
    let anchor = "x".repeat(100_000);
    compose(
        "aliases",
        format!("a: &a {anchor}\nb: [{}]", "*a, ".repeat(20_000)),
    );
    let lines = "threading.Thread(target=run).start()\n".repeat(5_000);
    put(
        dir,
        "flood.py",
        format!("import threading\ndef run(): pass\n{lines}"),
    );
    let services: String = (0..2_000)
        .map(|n| format!("  s{n}: {{image: a:latest}}\n"))
        .collect();
    put(
        &dir.join("flood"),
        "docker-compose.yml",
        format!("services:\n{services}"),
    );
    put(dir, "almost.py", format!("{}!\n", "a".repeat(1 << 20)));
    for name in ["sparse.py", "sparse.json", "sparse.bin"] {
        fs::File::create(dir.join(name))
            .unwrap()
            .set_len(1 << 36)
            .unwrap();
    }
}

/// Folders deeper than a path can be long, and one path as long as a path can be.
fn deep_folders(dir: &Path) {
    for (name, depth) in [("d".to_owned(), 1_200), ("long".repeat(60), 30)] {
        fs::create_dir_all(dir).unwrap();
        let mut at = fs::File::open(dir).unwrap();
        for _ in 0..depth {
            rustix::fs::mkdirat(&at, name.as_str(), Mode::from_raw_mode(0o755)).unwrap();
            let flags = OFlags::RDONLY | OFlags::DIRECTORY;
            at = rustix::fs::openat(&at, name.as_str(), flags, Mode::empty())
                .unwrap()
                .into();
        }
    }
}

/// Secrets in every place from which a report might quote them.
fn secrets(dir: &Path) -> Vec<String> {
    const STRIPE: &str = concat!("sk_", "live_");
    let mut all = Vec::new();
    let mut plant = |prefix: &str| {
        let secret = token(prefix, 32, 10 + u64::try_from(all.len()).unwrap());
        all.push(secret.clone());
        secret
    };
    let kind = concat!("RSA PRIVATE", " KEY");
    let key = format!(
        "-----BEGIN {kind}-----\n{}\n{}\n",
        plant("MIIE"),
        plant("AgEA")
    );
    put(dir, "server.pem", format!("{key}-----END {kind}-----\n"));
    put(
        dir,
        "plain.py",
        format!(
            "KEY = \"{}\"\nimport os  # {}\n",
            plant(STRIPE),
            plant(STRIPE)
        ),
    );
    let (before, after) = ("x=1;".repeat(1200), "y=2;".repeat(1200));
    put(
        dir,
        "one-line.js",
        format!("{before}const k='{}';{after}", plant(STRIPE)),
    );
    put(
        dir,
        "broken.yaml",
        format!("a: [\n  key: \"{}\"\n b: '\n", plant(STRIPE)),
    );
    put(
        dir,
        "broken.json",
        format!("{{\"key\": \"{}\", ", plant(STRIPE)),
    );
    put(
        dir,
        "broken.toml",
        format!("key = \"{}\"\n[[[\n", plant(STRIPE)),
    );
    put(
        dir,
        "no-newline.env",
        format!("A=1\nSTRIPE_KEY={}", plant(STRIPE)),
    );
    put(
        dir,
        "utf16.py",
        utf16(&format!("KEY = \"{}\"\r\n", plant(STRIPE))),
    );
    let latin1 = [
        b"# \xe9\nKEY = \"".as_slice(),
        plant(STRIPE).as_bytes(),
        b"\"\n",
    ]
    .concat();
    put(dir, "latin1.py", latin1);
    let run = format!("RUN curl -u x:{} https://a\n", plant(STRIPE));
    put(
        dir,
        "Dockerfile",
        format!("FROM a\nENV STRIPE_KEY={}\n{run}", plant(STRIPE)),
    );
    put(dir, "notes.md", format!("| key | `{}` |\n", plant(STRIPE)));
    let image = format!("    image: \"registry/a:{}\"\n", plant(STRIPE));
    let password = format!("      POSTGRES_PASSWORD: {}\n", plant(""));
    let url = format!("      URL: postgres://app:{}@db:5432/ehr\n", plant(""));
    let database = format!("  db:\n{image}    environment:\n{password}{url}");
    put(
        dir,
        "docker-compose.yml",
        format!("version: '3'\nservices:\n{database}"),
    );
    put(
        dir,
        "url.py",
        format!(
            "URL = \"postgresql://app:{}@db.example.org/ehr\"\n",
            plant("")
        ),
    );
    put(
        dir,
        "settings.json",
        format!("{{\"password\": \"{}\", \"host\": \"x\"}}\n", plant("")),
    );
    put(
        dir,
        "application.properties",
        format!("spring.datasource.password={}\n", plant("")),
    );
    put(
        dir,
        "default.ts",
        format!(
            "const secret = process.env.JWT_SECRET || '{}';\n",
            plant("")
        ),
    );
    let header = format!("Authorization: Bearer {}\n", plant(STRIPE));
    put(
        dir,
        "query.http",
        format!("GET https://a/?api_key={}\n{header}", plant(STRIPE)),
    );
    let data = format!("kind: Secret\nstringData: {{password: {}}}\n", plant(""));
    put(&dir.join("k8s"), "secret.yaml", data);
    all
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect()
}

/// The door alone: everything is listed or named, opened within its cap, and nothing outside is.
#[test]
fn the_door_holds() {
    let root = tempfile::tempdir().unwrap();
    let planted = build(root.path());
    let disk = Disk::new(&target(root.path())).unwrap();
    let Listing {
        files,
        skipped,
        target,
        git,
        ..
    } = disk.list().unwrap();
    let listed: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for canary in &planted.canaries {
        assert!(listed.contains(canary.as_str()), "{canary:?}");
    }
    assert_eq!((git, target.commit), (false, None));
    let is_named = |path: &str| skipped.iter().any(|skipped: &Skipped| skipped.path == path);
    for path in [
        ".git/index",
        "names/caf\\xe9",
        "names/docker-compose.\\xff.yml",
        "links/folder",
        "links/package.json",
        "links/in/up",
        "special/fifo.py",
        "ignored/fifo/.gitignore",
        "ignored/zero/.gitignore",
        "ignored/many/.gitignore",
    ] {
        assert!(is_named(path), "{path}");
    }
    for Skipped { path, .. } in &skipped {
        assert!(
            !path.chars().any(|c| c.is_control() || c == '\u{202e}'),
            "{path:?}"
        );
    }
    for file in &files {
        let Ok(content) = disk.open(&file.path, 1 << 20) else {
            continue;
        };
        assert!(content.bytes.len() <= 1 << 20);
        let text = decode(content)
            .map(|decoded| decoded.text)
            .unwrap_or_default();
        assert!(
            !String::from_utf8_lossy(&text).contains(&planted.outside),
            "{}",
            file.path
        );
    }
    for path in [
        "links/docker-compose.yml",
        "links/folder/docker-compose.yml",
        "links/zero.py",
    ] {
        assert!(
            disk.open(&RepoPath::new(path).unwrap(), 9).is_err(),
            "{path}"
        );
    }
    assert!(!planted.executed.exists());
}

#[test]
fn an_audit_of_it_ends_and_tells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let planted = build(folder.path());
    let root = target(folder.path());
    for format in ["json", "terminal"] {
        let arguments = ["audit", "--isolated", "-f", format];
        let output = crate::world::command(arguments)
            .arg(&root)
            .output()
            .unwrap();
        let code = output.status.code().expect("no signal");
        assert!(matches!(code, 1 | 3), "{format}: exit {code}");
        for stream in [&output.stdout, &output.stderr] {
            assert_eq!(planted.leaked(stream), None, "{format}");
            let text = String::from_utf8_lossy(stream);
            assert!(!text.contains('\u{1b}'), "{format}: an escape sequence");
            assert!(
                !text.lines().any(|line| line.starts_with("::")),
                "{format}: a workflow command"
            );
        }
    }
}
