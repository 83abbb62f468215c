//! Whole-process comparison with ripgrep on the same tree in the same run.
//!
//! `cargo bench` makes a repository of about 4,000 files (120 MB of TypeScript, Markdown and JSON),
//! or takes the folder in `PREOP_BENCH_TREE`, runs `rg -c` with one literal and `preop audit` in
//! turns on a warm cache, and prints the ratio of the medians. It asserts nothing: machines differ.

#![allow(clippy::print_stdout, reason = "a benchmark is there to print")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot set up its tree has nothing to say"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "it starts the programs that it compares"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs of each program.
const ROUNDS: usize = 7;

fn main() {
    let made = tempfile::tempdir().expect("a folder");
    let tree = std::env::var_os("PREOP_BENCH_TREE").map_or_else(
        || {
            make(made.path());
            made.path().to_owned()
        },
        PathBuf::from,
    );
    let preop = env!("CARGO_BIN_EXE_preop");
    let all = ["audit", "--quiet", "-f", "json"];
    let secrets = ["audit", "--quiet", "-f", "json", "--category", "secrets"];
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..ROUNDS {
        for (index, time) in [
            run("rg", &["-c", "--hidden", "--glob", "!.git", "zzqxj"], &tree),
            run(preop, &all, &tree),
            run(preop, &secrets, &tree),
        ]
        .into_iter()
        .enumerate()
        {
            times[index].extend(time);
        }
    }
    let [rg, audit, secrets] = times.map(median);
    println!("tree: {}", tree.display());
    match (rg, audit, secrets) {
        (Some(rg), Some(audit), Some(secrets)) => {
            let ratio = |time: Duration| time.as_secs_f64() / rg.as_secs_f64();
            println!("rg -c, one literal     {:>8.3} s", rg.as_secs_f64());
            println!(
                "preop, all rules       {:>8.3} s  {:>6.1} times ripgrep",
                audit.as_secs_f64(),
                ratio(audit)
            );
            println!(
                "preop, secret rules    {:>8.3} s  {:>6.1} times ripgrep",
                secrets.as_secs_f64(),
                ratio(secrets)
            );
        }
        _ => println!("ripgrep (`rg`) is not installed; there is nothing to compare with"),
    }
}

/// Wall-clock time of one run; `None` when the program is not there.
fn run(program: &str, arguments: &[&str], tree: &Path) -> Option<Duration> {
    let start = Instant::now();
    Command::new(program)
        .args(arguments)
        .arg(tree)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    Some(start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort();
    times.get(times.len() / 2).copied()
}

/// A repository whose shape is that of a large healthcare platform.
fn make(root: &Path) {
    for package in 0..40 {
        let src = root.join(format!("packages/p{package}/src"));
        std::fs::create_dir_all(&src).expect("a folder");
        write(
            &root.join(format!("packages/p{package}/package.json")),
            &format!("{{\"name\":\"@clinic/p{package}\",\"main\":\"src/f0.ts\"}}\n"),
        );
        for file in 0..70 {
            write(
                &src.join(format!("f{file}.ts")),
                &typescript(package * 100 + file),
            );
        }
        let data = root.join(format!("packages/p{package}/data"));
        std::fs::create_dir_all(&data).expect("a folder");
        for file in 0..20 {
            write(
                &data.join(format!("d{file}.json")),
                &json(package * 100 + file),
            );
        }
        let docs = root.join(format!("packages/p{package}/docs"));
        std::fs::create_dir_all(&docs).expect("a folder");
        for file in 0..10 {
            write(
                &docs.join(format!("n{file}.md")),
                &markdown(package * 100 + file),
            );
        }
    }
}

fn typescript(seed: usize) -> String {
    let mut out = format!("import {{ helper{seed} }} from './f{}';\n\n", seed % 70);
    for n in 0..120 {
        write!(
            out,
            "/** Reads the appointment slots of ward {n}. */\nexport async function load{n}(id: string, limit = {n}): Promise<Slot[]> {{\n  const found = slots.filter((slot) => slot.ward === id && slot.beds > {n});\n  if (found.length > limit) {{\n    return found.slice(0, limit).map((slot) => ({{ ...slot, label: `bed ${{slot.id}}` }}));\n  }}\n  return found;\n}}\n\n"
        )
        .expect("a string takes all");
    }
    out
}

fn json(seed: usize) -> String {
    let entries: Vec<String> = (0..300)
        .map(|n| format!("  {{\"resourceType\": \"Observation\", \"id\": \"{seed}-{n}\", \"status\": \"final\", \"valueQuantity\": {{\"value\": {n}, \"unit\": \"mmHg\"}}}}"))
        .collect();
    format!("[\n{}\n]\n", entries.join(",\n"))
}

fn markdown(seed: usize) -> String {
    let mut out = format!("# Notes {seed}\n\n");
    for n in 0..160 {
        writeln!(out, "Paragraph {n} says how the ward rota is planned, who covers which night, and what to do when a bed is blocked.\n").expect("a string takes all");
    }
    out
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("the file can be written");
}
