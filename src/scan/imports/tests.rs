//! Imports as tables.

use super::*;
use crate::model::RepoPath;

/// `line module [names]` for each import.
fn show(name: &str, text: &str) -> Vec<String> {
    let path = RepoPath::new(name).unwrap();
    let language = Language::of(&path).unwrap();
    let contexts = Contexts::of(&path, Some(language), text.as_bytes());
    let found = imports(language, text, &contexts);
    found
        .iter()
        .map(|import| {
            let names = if import.names.is_empty() {
                String::new()
            } else {
                format!(" {}", import.names.join(","))
            };
            format!("{} {}{names}", import.line, import.module)
        })
        .collect()
}

#[test]
fn python() {
    let text = r#"""" import no.doc """
import os, app.db as db  # import no
from . import models
from ..core.deps import (
    auth,  # who
    limits as l,
)
from x import *
from y import a, \
    b
if True: import z.z; import w
# import no
s = "from no import no"
m = importlib.import_module("app.plugins.lab")
n = __import__("legacy")
o = import_module(f"app.plugins.{name}")
    from inner import thing
try: from fast import loads
except ImportError: pass
important = 1
"#;
    let got = show("a.py", text);
    assert_eq!(
        got,
        [
            "2 app.db",
            "2 os",
            "3 . models",
            "4 ..core.deps auth,limits",
            "8 x",
            "9 y a,b",
            "11 w",
            "11 z.z",
            "14 app.plugins.lab",
            "15 legacy",
            "16 app.plugins.*",
            "17 inner thing",
            "18 fast loads",
        ]
    );
}

#[test]
fn javascript() {
    let text = r#"import React, { useState as s, type FC } from 'react';
import * as fs from "node:fs"
import type { A } from './a';
import {
  b, // import no from 'no1'
  c,
} from '../b'
import './side.css';
export * from './c'
export { d as e } from "./d";
export const f = 1, from = 'x';
const { g, h: i } = require('./g');
const j = await import(/* webpackChunkName: "j" */ './j');
const K = React.lazy(() => import(`./pages/${name}/K`));
vi.mock('./no2'); jest.mock(import('./no3'));
// import no from 'no4'
const t = "import no from 'no5'";
new Worker(new URL('./worker.ts', import.meta.url));
const l = import.meta.glob('./m/*.ts');
import n = require("./n");
x.require('no6');
import o from'./o';import p from './p'
"#;
    let want = [
        "1 react default,useState,FC",
        "2 node:fs",
        "3 ./a A",
        "4 ../b b,c",
        "8 ./side.css",
        "9 ./c",
        "10 ./d d",
        "12 ./g g,h",
        "13 ./j",
        "14 ./pages/*",
        "18 ./worker.ts",
        "19 ./m/*.ts",
        "20 ./n",
        "22 ./o default",
        "22 ./p default",
    ];
    assert_eq!(show("a.tsx", text), want);
    let vue = "<template>import a from 'no'</template>\n<script setup>\nimport b from './b.vue'\n</script>";
    assert_eq!(show("a.vue", vue), ["3 ./b.vue default"]);
}

#[test]
fn java_kotlin_csharp() {
    let java = "package org.clinic.api;\n\nimport java.util.*;\nimport static a.B.c;\n// import no.No;\nimport a.b.C;\n";
    assert_eq!(
        show("A.java", java),
        [
            "1 package:org.clinic.api",
            "3 java.util.*",
            "4 a.B c",
            "6 a.b.C"
        ]
    );
    let kotlin = "package a.`in`\nimport a.b.C as D\nval s = \"\"\"\nimport no.no\n\"\"\"\n";
    assert_eq!(show("a.kt", kotlin), ["1 package:a.in", "2 a.b.C"]);
    let csharp = "global using A.B;\nusing static C.D;\nusing E = F.G;\nnamespace H.I;\nusing (var x = y) {}\n\
                  using var z = w;\nnamespace J\n{\n}\n/*\nusing No;\n*/\n";
    assert_eq!(
        show("a.cs", csharp),
        ["1 A.B", "2 C.D", "3 F.G", "4 package:H.I", "7 package:J"]
    );
}

#[test]
fn go_php_ruby() {
    let go = "package main\n\nimport \"fmt\"\nimport (\n\t\"a/b\"\n\tc \"d/e\" // \"no\"\n\t_ \"f\"\n\t// \"no\"\n)\n";
    assert_eq!(
        show("a.go", go),
        ["1 package:main", "3 fmt", "5 a/b", "6 d/e", "7 f"]
    );
    let php = "<?php\nnamespace App\\Http;\nuse App\\Models\\User;\nuse function App\\f;\nuse App\\{A, B as C};\n\
               use X\\Y as Z, V\\W;\nclass D { use Trait1; }\nrequire_once __DIR__ . '/x.php';\n\
               include('y.php');\n// require 'no.php';\n$f = function () use ($a) {};\n";
    assert_eq!(
        show("a.php", php),
        [
            "2 package:App\\Http",
            "3 App\\Models\\User",
            "4 App\\f",
            "5 App\\A",
            "5 App\\B",
            "6 V\\W",
            "6 X\\Y",
            "8 ./x.php",
            "9 y.php",
        ]
    );
    let ruby = "require 'json'\nrequire_relative \"lib/a\"\n  autoload :B, 'b'\n# require 'no'\nload(\"c.rb\")\n";
    assert_eq!(
        show("a.rb", ruby),
        ["1 json", "2 ./lib/a", "3 b B", "5 c.rb"]
    );
}

#[test]
fn other_languages_give_none() {
    assert_eq!(show("a.rs", "use std::fmt;\n"), Vec::<String>::new());
}

#[test]
fn a_statement_is_shown_to_where_its_brackets_close() {
    let shown = |name: &str, text: &str| {
        let path = RepoPath::new(name).unwrap();
        let language = Language::of(&path).unwrap();
        let contexts = Contexts::of(&path, Some(language), text.as_bytes());
        let found = imports(language, text, &contexts).into_iter();
        found.map(|it| it.shown.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        shown(
            "a.ts",
            "import { a } from './a'\nimport {\n  b,\n} from './b'\nrun()\n"
        ),
        ["import { a } from './a'", "import {\n  b,\n} from './b'"]
    );
    assert_eq!(
        shown("a.py", "from .core import (\n    limits,\n)\nimport os\n"),
        ["from .core import (\n    limits,\n)", ""]
    );
    let long = format!("import {{ a }} from './a'; f('{}')\n", "x".repeat(300));
    assert_eq!(shown("a.ts", &long), [""]);
}
