//! The tables: how each family of languages writes comments and strings.

use crate::model::Context;

/// Where a line comment may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    /// At the start of a line or after white space.
    AfterSpace,
    /// Where a shell word may begin.
    ShellWord,
    /// Before anything else on its line.
    LineStart,
}

/// How a quote is written inside quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    None,
    /// `\"`
    Backslash,
    /// `""`
    Doubled,
    /// `''`, and also `\'` unless the string plainly ends there.
    Sql,
}

/// A kind of string.
pub(super) struct Quote {
    pub(super) open: &'static [u8],
    pub(super) close: &'static [u8],
    pub(super) escape: Escape,
    /// May hold newlines.
    pub(super) lines: bool,
    /// What begins an expression inside; ends with a bracket.
    pub(super) hole: Option<&'static [u8]>,
    /// What its content is.
    pub(super) label: Context,
    /// Opens only where a value begins: after `:`, `=`, `-`, `[`, `,` or at the start of a line.
    pub(super) at_value: bool,
}

/// What no table can say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    JsRegex,
    RubyRegex,
    RubyPercent,
    RubyBlocks,
    RustQuotes,
    CppRaw,
    CSharpStrings,
    SwiftRaw,
    DartRaw,
    PhpClose,
    RubyHeredoc,
    ShellHeredoc,
    PhpHeredoc,
    HclHeredoc,
}

/// A line comment: how it begins, where, and what must not follow.
pub(super) type LineComment = (&'static [u8], Place, Option<u8>);

/// A block comment: how it begins and ends, and whether it nests.
pub(super) type BlockComment = (&'static [u8], &'static [u8], bool);

/// A family of languages.
pub(super) struct Lexicon {
    pub(super) line: &'static [LineComment],
    pub(super) block: &'static [BlockComment],
    /// Longer openings first.
    pub(super) quotes: &'static [Quote],
    pub(super) special: &'static [Special],
}

const fn quote(mark: &'static [u8]) -> Quote {
    Quote {
        open: mark,
        close: mark,
        escape: Escape::Backslash,
        lines: false,
        hole: None,
        label: Context::String,
        at_value: false,
    }
}

const fn lines(mark: &'static [u8]) -> Quote {
    Quote {
        lines: true,
        ..quote(mark)
    }
}

const fn holed(mark: &'static [u8], hole: &'static [u8]) -> Quote {
    Quote {
        hole: Some(hole),
        ..quote(mark)
    }
}

const fn holed_lines(mark: &'static [u8], hole: &'static [u8]) -> Quote {
    Quote {
        lines: true,
        hole: Some(hole),
        ..quote(mark)
    }
}

const fn raw(mark: &'static [u8]) -> Quote {
    Quote {
        escape: Escape::None,
        lines: true,
        ..quote(mark)
    }
}

const fn value(mark: &'static [u8], escape: Escape, lines: bool) -> Quote {
    Quote {
        escape,
        lines,
        label: Context::Code,
        at_value: true,
        ..quote(mark)
    }
}

const SLASHES: LineComment = (b"//", Place::Anywhere, None);
const HASH: LineComment = (b"#", Place::Anywhere, None);
const BLOCK: BlockComment = (b"/*", b"*/", false);
const NESTED: BlockComment = (b"/*", b"*/", true);

const fn slashed(quotes: &'static [Quote], special: &'static [Special]) -> Lexicon {
    Lexicon {
        line: &[SLASHES],
        block: &[BLOCK],
        quotes,
        special,
    }
}

const fn nesting(quotes: &'static [Quote], special: &'static [Special]) -> Lexicon {
    Lexicon {
        line: &[SLASHES],
        block: &[NESTED],
        quotes,
        special,
    }
}

const fn hashed(place: Place, quotes: &'static [Quote], special: &'static [Special]) -> Lexicon {
    Lexicon {
        line: match place {
            Place::Anywhere => &[HASH],
            Place::AfterSpace => &[(b"#", Place::AfterSpace, None)],
            Place::ShellWord => &[(b"#", Place::ShellWord, None)],
            Place::LineStart => &[(b"#", Place::LineStart, None)],
        },
        block: &[],
        quotes,
        special,
    }
}

pub(super) static C: Lexicon = slashed(&[quote(b"\""), quote(b"'")], &[]);
pub(super) static CPP: Lexicon = slashed(&[quote(b"\""), quote(b"'")], &[Special::CppRaw]);
pub(super) static JAVA: Lexicon = slashed(&[lines(b"\"\"\""), quote(b"\""), quote(b"'")], &[]);
pub(super) static GO: Lexicon = slashed(&[raw(b"`"), quote(b"\""), quote(b"'")], &[]);
pub(super) static CSHARP: Lexicon = slashed(&[quote(b"'")], &[Special::CSharpStrings]);
pub(super) static JAVASCRIPT: Lexicon = slashed(
    &[holed_lines(b"`", b"${"), quote(b"\""), quote(b"'")],
    &[Special::JsRegex],
);
pub(super) static GROOVY: Lexicon = slashed(
    &[
        holed_lines(b"\"\"\"", b"${"),
        lines(b"'''"),
        holed(b"\"", b"${"),
        quote(b"'"),
    ],
    &[],
);
pub(super) static DART: Lexicon = nesting(
    &[
        holed_lines(b"\"\"\"", b"${"),
        holed_lines(b"'''", b"${"),
        holed(b"\"", b"${"),
        holed(b"'", b"${"),
    ],
    &[Special::DartRaw],
);
pub(super) static KOTLIN: Lexicon = nesting(
    &[
        Quote {
            escape: Escape::None,
            ..holed_lines(b"\"\"\"", b"${")
        },
        holed(b"\"", b"${"),
        quote(b"'"),
    ],
    &[],
);
pub(super) static SWIFT: Lexicon = nesting(
    &[holed_lines(b"\"\"\"", b"\\("), holed(b"\"", b"\\(")],
    &[Special::SwiftRaw],
);
pub(super) static RUST: Lexicon = nesting(&[lines(b"\"")], &[Special::RustQuotes]);
pub(super) static PYTHON: Lexicon = hashed(
    Place::Anywhere,
    &[lines(b"\"\"\""), lines(b"'''"), quote(b"\""), quote(b"'")],
    &[],
);
pub(super) static RUBY: Lexicon = hashed(
    Place::Anywhere,
    &[
        holed_lines(b"\"", b"#{"),
        lines(b"'"),
        holed_lines(b"`", b"#{"),
    ],
    &[
        Special::RubyBlocks,
        Special::RubyHeredoc,
        Special::RubyRegex,
        Special::RubyPercent,
    ],
);
pub(super) static SHELL: Lexicon = hashed(
    Place::ShellWord,
    &[lines(b"$'"), raw(b"'"), holed_lines(b"\"", b"$(")],
    &[Special::ShellHeredoc],
);
pub(super) static PHP: Lexicon = Lexicon {
    line: &[SLASHES, (b"#", Place::Anywhere, Some(b'['))],
    block: &[BLOCK],
    quotes: &[lines(b"\""), lines(b"'"), lines(b"`")],
    special: &[Special::PhpClose, Special::PhpHeredoc],
};
pub(super) static SQL: Lexicon = Lexicon {
    line: &[(b"--", Place::Anywhere, None)],
    block: &[BLOCK],
    quotes: &[Quote {
        escape: Escape::Sql,
        ..lines(b"'")
    }],
    special: &[],
};
pub(super) static LUA: Lexicon = Lexicon {
    line: &[(b"--", Place::Anywhere, None)],
    block: &[(b"--[[", b"]]", false)],
    quotes: &[quote(b"\""), quote(b"'")],
    special: &[],
};
pub(super) static POWERSHELL: Lexicon = Lexicon {
    line: &[(b"#", Place::ShellWord, None)],
    block: &[(b"<#", b"#>", false)],
    quotes: &[holed_lines(b"\"", b"$("), raw(b"'")],
    special: &[],
};
pub(super) static GRAPHQL: Lexicon =
    hashed(Place::Anywhere, &[lines(b"\"\"\""), quote(b"\"")], &[]);
/// Perl, R, Elixir: `#` and ordinary quotes.
pub(super) static SCRIPT: Lexicon = hashed(Place::AfterSpace, &[quote(b"\""), quote(b"'")], &[]);
pub(super) static BATCH: Lexicon = Lexicon {
    line: &[
        (b"REM ", Place::LineStart, None),
        (b"rem ", Place::LineStart, None),
        (b"::", Place::LineStart, None),
    ],
    block: &[],
    quotes: &[],
    special: &[],
};
pub(super) static CSS: Lexicon = Lexicon {
    line: &[],
    block: &[BLOCK],
    quotes: &[quote(b"\""), quote(b"'")],
    special: &[],
};
pub(super) static SCSS: Lexicon = slashed(&[quote(b"\""), quote(b"'")], &[]);

pub(super) static YAML: Lexicon = Lexicon {
    line: &[(b"#", Place::AfterSpace, None)],
    block: &[(b"{{/*", b"*/}}", false), (b"{{- /*", b"*/", false)],
    quotes: &[
        value(b"\"", Escape::Backslash, true),
        value(b"'", Escape::Doubled, true),
    ],
    special: &[],
};
pub(super) static TOML: Lexicon = hashed(
    Place::Anywhere,
    &[
        value(b"\"\"\"", Escape::Backslash, true),
        value(b"'''", Escape::None, true),
        value(b"\"", Escape::Backslash, false),
        value(b"'", Escape::None, false),
    ],
    &[],
);
pub(super) static ENV: Lexicon = hashed(
    Place::AfterSpace,
    &[
        value(b"\"", Escape::Backslash, true),
        value(b"'", Escape::None, true),
    ],
    &[],
);
pub(super) static JSON: Lexicon = Lexicon {
    line: &[SLASHES],
    block: &[BLOCK],
    quotes: &[Quote {
        label: Context::Code,
        ..quote(b"\"")
    }],
    special: &[],
};
pub(super) static HCL: Lexicon = Lexicon {
    line: &[HASH, SLASHES],
    block: &[BLOCK],
    quotes: &[Quote {
        label: Context::Code,
        ..holed(b"\"", b"${")
    }],
    special: &[Special::HclHeredoc],
};
pub(super) static INI: Lexicon = Lexicon {
    line: &[
        (b"#", Place::LineStart, None),
        (b";", Place::LineStart, None),
    ],
    block: &[],
    quotes: &[],
    special: &[],
};
pub(super) static PROPERTIES: Lexicon = Lexicon {
    line: &[
        (b"#", Place::LineStart, None),
        (b"!", Place::LineStart, None),
    ],
    block: &[],
    quotes: &[],
    special: &[],
};
/// Dockerfiles: only whole lines are comments.
pub(super) static HASH_LINES: Lexicon = hashed(Place::LineStart, &[], &[]);
/// Ignore files, makefiles, server configuration, requirement lists.
pub(super) static HASH_WORDS: Lexicon = hashed(Place::AfterSpace, &[], &[]);
pub(super) static XML: Lexicon = Lexicon {
    line: &[],
    block: &[(b"<!--", b"-->", false)],
    quotes: &[],
    special: &[],
};

/// The strings of C#, chosen by their prefix.
pub(super) static CSHARP_PLAIN: Quote = quote(b"\"");
pub(super) static CSHARP_HOLED: Quote = holed(b"\"", b"{");
pub(super) static CSHARP_VERBATIM: Quote = Quote {
    escape: Escape::Doubled,
    ..lines(b"\"")
};
pub(super) static CSHARP_VERBATIM_HOLED: Quote = Quote {
    escape: Escape::Doubled,
    ..holed_lines(b"\"", b"{")
};
