//! Stand-ins: values that a person or a template is meant to replace, and references to a value
//! that is kept elsewhere. A weak password is none of these.

use super::words::{identifier, scrambled, words};
use std::collections::BTreeSet;
use std::sync::LazyLock;

type Set = LazyLock<BTreeSet<&'static str>>;

fn set(words: &'static str) -> BTreeSet<&'static str> {
    words.split_whitespace().collect()
}

/// Words that say, wherever they stand, that the value is not the real one.
static MARKERS: Set = LazyLock::new(|| {
    set("
        anonymized censored changeme changethis dummy example examplekey examples fake fixme foobar
        insert lorem masked mock mocked notasecret notreal notset obfuscated placeholder redacted
        removed replace replaceme replacethis sample tbd testonly todo
    ")
});

/// Two words that say it together.
const PAIRS: [(&str, &str); 8] = [
    ("change", "me"),
    ("change", "this"),
    ("change", "it"),
    ("test", "only"),
    ("testing", "only"),
    ("not", "set"),
    ("not", "real"),
    ("no", "secret"),
];

/// Words that are a stand-in when nothing else is there.
const FILLERS: [&str; 5] = ["foo", "bar", "baz", "qux", "xyz"];

/// Words for "no value".
static NOTHING: Set = LazyLock::new(|| {
    set("
        null none nil undefined true false n/a na unset blank empty unknown
    ")
});

/// Nouns for what stands in a setting; in capitals alone they name a value and are none.
static NOUNS: Set = LazyLock::new(|| {
    set("
        access account api app auth aws client company connection database db domain email host
        hostname id key login name own pass passphrase password port private project pwd secret token
        user username value
    ")
});

/// Starts of references to a value that is kept, or encrypted, elsewhere.
static REFERENCES: Set = LazyLock::new(|| {
    set("
        env: env. secrets. vault: vault( secretsmanager: secretsmanager( ssm: arn: op:// sm:// gcp-sm://
        keyvault: @microsoft.keyvault( akv: doppler: ref+ enc[ enc( {cipher} $ansible_vault; fn::
        secretkeyref secretref: file: /run/secrets/ /var/run/secrets/
    ")
});

/// Program text that reads a value instead of being one.
static READS: Set = LazyLock::new(|| {
    set("
        process.env os.environ os.getenv getenv( env[ env( config( import.meta.env lookup( viper.get
        environment.getenvironmentvariable get_secret( getsecret(
    ")
});

/// What opens a template anywhere in a value, and what must close it, where the opening alone is
/// too likely in a random password.
const TEMPLATES: [(&str, &str); 9] = [
    ("${", ""),
    ("{{", ""),
    ("$(", ")"),
    ("#{", "}"),
    ("<%", "%>"),
    ("{%", "%}"),
    ("%(", ")s"),
    ("[[", "]]"),
    ("[%", "%]"),
];

/// YAML tags of values that another tool fills in.
const TAGS: [&str; 6] = [
    "!vault ",
    "!secret ",
    "!ref ",
    "!sub ",
    "!getatt ",
    "!importvalue ",
];

/// Credentials that documentation prints, by a part that says enough.
const SAMPLES: [&str; 5] = [
    // AWS ends its samples so.
    "EXAMPLE",
    // The token on the front page of jwt.io.
    "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l",
    // Stripe's public test key.
    "4eC39HqLyjWDarjtT1zdp7dc",
    // GitHub's documentation of OAuth.
    "16C7e42F292c6912E7710c838347Ae178B4a",
    // Twilio's and many others' digits in order.
    "0123456789abcdef",
];

/// What is typed when something long and random is wanted, in lower case; alone, a weak password.
const SEQUENCES: [&str; 3] = ["a1b2c3d4", "b2c3d4e5", "1a2b3c4d"];

/// Is the value a stand-in or a reference, and not a value that somebody could use?
pub fn placeholder(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'', '`']).trim();
    let lower = value.to_lowercase();
    value.is_empty()
        || NOTHING.contains(lower.as_str())
        || SAMPLES.iter().any(|sample| value.contains(sample))
        || (lower.len() >= 16 && SEQUENCES.iter().any(|sequence| lower.contains(sequence)))
        || is_template(value)
        || TAGS.iter().any(|tag| lower.starts_with(tag))
        || REFERENCES.iter().any(|start| lower.starts_with(start))
        || READS.iter().any(|call| lower.contains(call))
        || is_filler(&lower)
        || is_told(value)
}

/// Template syntax, and variables alone.
fn is_template(value: &str) -> bool {
    let wrapped = |open, close| {
        value
            .strip_prefix(open)
            .and_then(|rest: &str| rest.strip_suffix(close))
    };
    let opened = |(open, close): &(&str, &str)| {
        value
            .split_once(open)
            .is_some_and(|(_, rest)| rest.contains(close))
    };
    TEMPLATES.iter().any(opened)
        || wrapped("<", ">").is_some()
        || wrapped("[", "]").is_some_and(|inner| {
            inner
                .chars()
                .all(|c| c.is_alphabetic() || " _-".contains(c))
        })
        || wrapped("%", "%").is_some_and(identifier)
        || wrapped("@", "@").is_some_and(|name| identifier(&name.replace('.', "_")))
        || wrapped("__", "__").is_some_and(identifier)
        || wrapped("@@", "@@").is_some_and(identifier)
        || value
            .strip_prefix('$')
            .is_some_and(|name| identifier(name.strip_prefix("env:").unwrap_or(name)))
        || value
            .split_whitespace()
            .any(|word| matches!(word, "%s" | "%d" | "%v" | "{}" | "{0}"))
        || braced_name(value)
}

/// `{name}` anywhere, as in a format string.
fn braced_name(value: &str) -> bool {
    value
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .any(|(name, _)| {
            name.len() > 2
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || "_.".contains(c))
        })
}

/// Text that only fills the place: one character again and again, dots, asterisks, or signs in
/// their order.
fn is_filler(lower: &str) -> bool {
    let signs: Vec<char> = lower
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect();
    let longest = longest_run(lower);
    signs.is_empty()
        || (signs.len() > 2 && signs.iter().all(|sign| signs.first() == Some(sign)))
        || (longest >= 8 && longest * 2 >= lower.chars().count())
        || ["...", "…", "***", "•••", "xxxx"]
            .iter()
            .any(|mark| lower.contains(mark))
        || is_sequence(&signs)
        || repeats(&signs, "deadbeef")
        || repeats(&signs, "cafebabe")
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = (0, ' ');
    for character in text.chars() {
        run = if run.1 == character {
            (run.0 + 1, character)
        } else {
            (1, character)
        };
        longest = longest.max(run.0);
    }
    longest
}

/// `1234567890`, `abcdef`, `abcdef123456`: ascending runs and nothing else. Shorter ones such as
/// `123456` are passwords that people use.
fn is_sequence(signs: &[char]) -> bool {
    let mut runs = 1;
    for (a, b) in signs.iter().zip(signs.iter().skip(1)) {
        let follows = u32::from(*b) == u32::from(*a) + 1 || (*a, *b) == ('9', '0');
        runs += usize::from(!follows);
    }
    let letters = signs.iter().all(char::is_ascii_alphabetic);
    match runs {
        1 => signs.len() >= 10 || (letters && signs.len() >= 6),
        _ => signs.len() >= 10 && runs * 5 <= signs.len(),
    }
}

fn repeats(signs: &[char], word: &str) -> bool {
    signs.len() >= word.len()
        && signs
            .iter()
            .copied()
            .eq(word.chars().cycle().take(signs.len()))
}

/// Words that tell a reader to put the real value here.
fn is_told(value: &str) -> bool {
    let words = words(value);
    if words.iter().any(|word| scrambled(word)) {
        return false;
    }
    let told = words.iter().any(|word| {
        let stem = without_number(word);
        MARKERS.contains(stem)
            || stem.ends_with("changeme")
            || (stem.len() > 2 && stem.bytes().all(|byte| byte == b'x'))
            || tells_of_noun(stem)
    });
    let pairs = words.iter().zip(words.iter().skip(1));
    told || pairs
        .into_iter()
        .any(|(first, second)| PAIRS.contains(&(first, second)))
        || words.iter().all(|word| FILLERS.contains(&word.as_str()))
        || (words.iter().all(|word| NOUNS.contains(word.as_str()))
            && !value.chars().any(char::is_lowercase))
        || (words.iter().any(|word| word == "your")
            && words.iter().any(|word| NOUNS.contains(word.as_str())))
        || (words.len() > 1 && words.last().is_some_and(|word| word == "here"))
}

/// The word without the up to three digits at its end.
fn without_number(word: &str) -> &str {
    let stem = word.trim_end_matches(|character: char| character.is_ascii_digit());
    if word.len() - stem.len() > 3 {
        word
    } else {
        stem
    }
}

/// A marker and nouns in one word: `yourpassword`, `dummykey`, `yourapikeyhere`.
fn tells_of_noun(word: &str) -> bool {
    const STARTS: [&str; 6] = ["your", "dummy", "fake", "example", "sample", "mock"];
    let Some(rest) = STARTS
        .iter()
        .find_map(|start| word.strip_prefix(start))
        .filter(|rest| !rest.is_empty())
    else {
        return false;
    };
    let mut rest = rest.strip_suffix("here").unwrap_or(rest);
    let nouns = || NOUNS.iter();
    while let Some(shorter) = nouns()
        .filter_map(|noun| rest.strip_prefix(noun))
        .min_by_key(|rest| rest.len())
    {
        rest = shorter;
    }
    rest.is_empty()
}
