use crate::model::RepoPath;
use crate::syntax::{Document, Format, Selector, Unparsed, parse};

fn read(text: &str) -> Result<Document, Unparsed> {
    parse(
        Format::Dockerfile,
        &RepoPath::new("Dockerfile").unwrap(),
        text,
    )
}

/// The values that a path selects.
fn show(text: &str, path: &str) -> String {
    let document = read(text).unwrap();
    let hits = Selector::compile(path).unwrap().select(&document);
    hits.iter()
        .map(|hit| document.value(hit.node, 1000).display())
        .collect::<Vec<_>>()
        .join(" | ")
}

/// The texts that the hits of a path point at.
fn places(text: &str, path: &str) -> Vec<String> {
    let document = read(text).unwrap();
    let hits = Selector::compile(path).unwrap().select(&document);
    hits.iter()
        .map(|hit| text[hit.hit_span(&document).range()].to_owned())
        .collect()
}

const STAGES: &str = "\
# syntax=docker/dockerfile:1
ARG NODE=20
ARG REGISTRY
FROM node:${NODE}-alpine AS base
WORKDIR /app
ENV APP_USER=node
HEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1
FROM base AS build
USER root
RUN npm ci && \\
    # why
    npm run build
FROM ${REGISTRY}/other
FROM Base
USER $APP_USER
COPY --from=build --chown=node:node /app/dist /app
ENTRYPOINT [\"node\", \"a b.js\"]
CMD node x.js
";

#[test]
fn stages_know_what_is_in_force() {
    for (path, want) in [
        ("$.stages[*].name", "base | build"),
        ("$.stages[*].base", "node:20-alpine | base | ? | Base"),
        ("$.stages[*].inherits", "base | base"),
        (
            "$.stages[*].image",
            "node:20-alpine | node:20-alpine | ? | node:20-alpine",
        ),
        ("$.stages[*].final", "false | false | false | true"),
        ("$.stages[1].user", "root"),
        ("$.stages[0].user", ""),
        ("$.stages[3].user", "node"),
        ("$.stages[3].workdir", "/app"),
        (
            "$.stages[3].healthcheck",
            "CMD curl -f http://localhost/ || exit 1",
        ),
        ("$.stages[3].entrypoint", r#"["node","a b.js"]"#),
        ("$.stages[3].cmd", "node x.js"),
        ("$.stages[2].workdir", ""),
        (
            "$.stages[3].instructions[?@.name == 'COPY'].flags",
            r#"["--from=build","--chown=node:node"]"#,
        ),
        (
            "$.stages[3].instructions[?@.name == 'COPY'].args",
            r#"["/app/dist","/app"]"#,
        ),
        (
            "$.stages[1].instructions[?@.name == 'RUN'].text",
            "npm ci &&     npm run build",
        ),
        (
            "$.args",
            r#"[{"default":"20","name":"NODE"},{"name":"REGISTRY"}]"#,
        ),
    ] {
        assert_eq!(show(STAGES, path), want, "{path}");
    }
}

#[test]
fn places_are_the_instructions() {
    for (path, want) in [
        ("$.stages[3]", "FROM Base"),
        ("$.stages[3].user", "USER $APP_USER"),
        (
            "$.stages[3].healthcheck",
            "HEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1",
        ),
        (
            "$.stages[3].entrypoint",
            "ENTRYPOINT [\"node\", \"a b.js\"]",
        ),
        ("$.stages[0].base", "node:${NODE}-alpine"),
        ("$.stages[1].instructions[1]", "RUN npm ci && \\"),
        ("$.stages[3].instructions[1].args[1]", "/app"),
        ("$.args[0]", "NODE=20"),
    ] {
        assert_eq!(places(STAGES, path), [want], "{path}");
    }
    let windows = format!("\u{feff}{}", STAGES.replace('\n', "\r\n"));
    assert_eq!(places(&windows, "$.stages[3].user"), ["USER $APP_USER"]);
    assert_eq!(show(&windows, "$.stages[3].user"), "node");
    assert_eq!(
        show(&windows, "$.stages[1].instructions[?@.name == 'RUN'].text"),
        "npm ci &&     npm run build"
    );
}

#[test]
fn an_entry_point_drops_the_command_below() {
    let text = "FROM x AS a\nCMD one\nFROM a AS b\nENTRYPOINT two\nFROM a\n";
    assert_eq!(show(text, "$.stages[*].cmd"), "one | one");
}

#[test]
fn odd_syntax_is_read() {
    let heredoc = "FROM x\nRUN <<EOF bash <<-'B'\napt-get update\nUSER a\nEOF\n\tc\n\tB\nUSER b\n";
    assert_eq!(show(heredoc, "$.stages[0].user"), "b");
    assert_eq!(
        show(heredoc, "$.stages[0].instructions[0].text"),
        "<<EOF bash <<-'B'\napt-get update\nUSER a\n\n\tc\n"
    );
    assert_eq!(
        show(
            "# escape=`\nFROM x\nRUN a `\n  b\nWORKDIR C:\\app\\\nUSER c\n",
            "$.stages[0].user"
        ),
        "c"
    );
    assert_eq!(
        show("FROM x\nRUN cat << eof\nUSER a\n", "$.stages[0].user"),
        "a"
    );
    assert_eq!(
        show("from x as y\nuser \\\n\n  # c\n  me\n", "$.stages[0].user"),
        "me"
    );
    assert_eq!(
        show(
            "FROM --platform=$BUILDPLATFORM x:1@sha256:ab AS b\n",
            "$.stages[0].base"
        ),
        "x:1@sha256:ab"
    );
    assert_eq!(
        show(
            "FROM x\nENV A some value\nENV B=1 C=\"two words\"\n",
            "$..args"
        ),
        r#"[] | ["A=some value"] | ["B=1","C=two words"]"#
    );
    assert_eq!(show("FROM {{ base }}\n", "$.stages[0].base"), "?");
    assert_eq!(
        show("FROM x\nUSER ${UID}:${GID:-0}\n", "$.stages[0].user"),
        "?"
    );
    assert_eq!(
        show("FROM x\nHEALTHCHECK NONE\n", "$.stages[0].healthcheck"),
        "NONE"
    );
}

#[test]
fn a_bad_line_hides_no_other() {
    let document = read("RUN early\nFROM x\nCOPY a\nFOO secret\nUSER me\n").unwrap();
    let messages: Vec<_> = document
        .errors
        .iter()
        .map(|(_, message)| &**message)
        .collect();
    assert_eq!(
        messages,
        [
            "unknown instruction at line 4",
            "instruction before the first FROM at line 1"
        ]
    );
    assert_eq!(
        read("hello\nworld\n").unwrap_err().detail,
        "a Dockerfile without FROM"
    );
}

#[test]
fn hostile_files_end_soon() {
    for text in [
        format!("FROM x\n{}", "RUN <<A <<B <<C\n".repeat(60_000)),
        format!("FROM x\n{}", "FOO\n".repeat(300_000)),
        format!("FROM x\n{}", "RUN \\\n".repeat(300_000)),
        format!("FROM x\nRUN {}", "'".repeat(1 << 20)),
        format!("FROM x\nRUN [{}", "\"a\",".repeat(300_000)),
        format!("FROM x\n{}", "ENV A=${A:-${A:-1}}\n".repeat(60_000)),
        format!("FROM x AS a\n{}", "FROM a AS a\nENV B=1 C=2\n".repeat(900)),
        format!("FROM x\nUSER {}", "${A:-".repeat(100_000)),
    ] {
        assert!(read(&text).is_ok());
    }
    assert!(read(&"FROM x\n".repeat(1001)).is_err());
}

/// The strict parser and ours see the same instructions at the same places.
#[test]
fn instructions_stand_where_the_strict_parser_sees_them() {
    let strict = parse_dockerfile::parse(STAGES).unwrap();
    let spans: Vec<_> = strict.instructions.iter().map(keyword).collect();
    let ours = super::lines::instructions(STAGES);
    let keywords: Vec<_> = ours
        .iter()
        .map(|instruction| instruction.keyword.range())
        .collect();
    assert_eq!(keywords, spans);
}

fn keyword(instruction: &parse_dockerfile::Instruction<'_>) -> std::ops::Range<usize> {
    use parse_dockerfile::Instruction::{
        Arg, Cmd, Copy, Entrypoint, Env, From, Healthcheck, Run, User, Workdir,
    };
    match instruction {
        Arg(arg) => arg.arg.span.clone(),
        Cmd(cmd) => cmd.cmd.span.clone(),
        Copy(copy) => copy.copy.span.clone(),
        Entrypoint(entrypoint) => entrypoint.entrypoint.span.clone(),
        Env(env) => env.env.span.clone(),
        From(from) => from.from.span.clone(),
        Healthcheck(healthcheck) => healthcheck.healthcheck.span.clone(),
        Run(run) => run.run.span.clone(),
        User(user) => user.user.span.clone(),
        Workdir(workdir) => workdir.workdir.span.clone(),
        _ => panic!("not in the example"),
    }
}
