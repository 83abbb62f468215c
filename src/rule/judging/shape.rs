//! Values that look like secrets to a counter of characters and are something harmless.

use super::words::{hexadecimal, identifier, scrambled};

/// A kind and its test.
type Kind = (&'static str, fn(&str) -> bool);

/// All kinds, the narrow ones first.
const KINDS: [Kind; 14] = [
    ("digest", is_digest),
    ("password-hash", is_password_hash),
    ("uuid", is_uuid),
    ("git-sha", is_git_sha),
    ("public-key", is_public_key),
    ("color", is_color),
    ("date", is_date),
    ("version", is_version),
    ("mime-type", is_mime_type),
    ("url", is_url),
    ("path", is_path),
    ("constant", is_constant),
    ("identifier", is_dotted_identifier),
    ("prose", is_prose),
];

/// What harmless kind of value it is, by its shape; nothing when it could be anything.
pub fn kind_of_value(value: &str) -> Option<&'static str> {
    let value = value.trim();
    KINDS
        .into_iter()
        .find(|(_, fits)| fits(value))
        .map(|(name, _)| name)
}

/// `sha256:…` in hexadecimal, and `sha512-…` in base64 as browsers and package managers write it.
fn is_digest(value: &str) -> bool {
    const LENGTHS: [(&str, usize); 6] = [
        ("md5", 16),
        ("sha1", 20),
        ("sha224", 28),
        ("sha256", 32),
        ("sha384", 48),
        ("sha512", 64),
    ];
    LENGTHS.iter().any(|(name, bytes)| {
        let rest = value
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix([':', '-', '=']));
        rest.is_some_and(|rest| {
            hexadecimal(rest, bytes * 2) || is_base64(rest, bytes.div_ceil(3) * 4)
        })
    })
}

fn is_base64(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
}

/// What a password becomes before it is stored.
fn is_password_hash(value: &str) -> bool {
    let crypt = [
        "$2a$", "$2b$", "$2y$", "$argon2", "$scrypt$", "$pbkdf2", "$5$", "$6$", "$1$", "$apr1$",
        "$y$",
    ];
    let named = [
        "{SSHA",
        "{SHA",
        "{bcrypt}",
        "{argon2}",
        "pbkdf2_sha",
        "pbkdf2:sha",
        "scrypt:",
        "SCRAM-SHA-256$",
    ];
    value.len() >= 20
        && crypt
            .iter()
            .chain(&named)
            .any(|start| value.starts_with(start))
}

fn is_uuid(value: &str) -> bool {
    let value = value.strip_prefix("urn:uuid:").unwrap_or(value);
    let mut groups = value.split('-');
    [8, 4, 4, 4, 12].into_iter().all(|length| {
        groups
            .next()
            .is_some_and(|group| hexadecimal(group, length))
    }) && groups.next().is_none()
}

fn is_git_sha(value: &str) -> bool {
    hexadecimal(value, 40) && !value.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_public_key(value: &str) -> bool {
    let blocks = [
        "PUBLIC KEY",
        "RSA PUBLIC KEY",
        "CERTIFICATE",
        "PGP PUBLIC KEY BLOCK",
        "CERTIFICATE REQUEST",
    ];
    let begins = |block: &&str| value.starts_with(&format!("-----BEGIN {block}-----"));
    let keys = [
        "ssh-rsa ",
        "ssh-ed25519 ",
        "ssh-dss ",
        "ecdsa-sha2-",
        "sk-ssh-ed25519",
        "age1",
    ];
    blocks.iter().any(begins)
        || (keys.iter().any(|start| value.starts_with(start)) && value.len() > 50)
}

fn is_color(value: &str) -> bool {
    let digits = value.strip_prefix('#').unwrap_or_default();
    [3, 4, 6, 8]
        .into_iter()
        .any(|length| hexadecimal(digits, length))
}

/// `2024-01-31`, `31.01.2024`, `2024-01-31T12:00:00Z`.
fn is_date(value: &str) -> bool {
    let (day, time) = value.split_once(['T', ' ']).unwrap_or((value, ""));
    let numbers: Vec<&str> = day.split(['-', '/', '.']).collect();
    let sized = matches!(
        numbers.iter().map(|part| part.len()).collect::<Vec<_>>()[..],
        [4, 2, 2] | [2, 2, 4]
    );
    let numeric = numbers
        .iter()
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let clock = |text: &str| {
        text.len() <= 20
            && text
                .chars()
                .all(|c| c.is_ascii_digit() || ":.+-Z".contains(c))
    };
    sized && numeric && (time.is_empty() || (time.contains(':') && clock(time)))
}

/// `1.2.3`, `v1.2`, `^18.2.0`, `3.11-slim`, `1.0.0-rc.1+build`.
fn is_version(value: &str) -> bool {
    let value = value.trim_start_matches(['^', '~', '=', '>', '<', 'v', ' ']);
    let (numbers, rest) = value.split_once(['-', '+']).unwrap_or((value, ""));
    let parts: Vec<&str> = numbers.split('.').collect();
    let numeric = |part: &&str| {
        (1..=6).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    (2..=4).contains(&parts.len())
        && parts.iter().all(numeric)
        && rest.len() <= 40
        && rest
            .split(['.', '-', '+'])
            .all(|part| part.len() <= 12 && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn is_mime_type(value: &str) -> bool {
    const TYPES: [&str; 9] = [
        "application",
        "audio",
        "font",
        "image",
        "message",
        "model",
        "multipart",
        "text",
        "video",
    ];
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+.-*_".contains(&byte);
    value
        .split(';')
        .next()
        .and_then(|kind| kind.split_once('/'))
        .is_some_and(|(kind, subtype)| {
            TYPES.contains(&kind) && (1..=80).contains(&subtype.len()) && subtype.bytes().all(plain)
        })
}

/// An address without a user, and without a part that only a machine would choose.
fn is_url(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else {
        return false;
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let parameters = path.to_lowercase();
    let credential = [
        "token=",
        "key=",
        "secret=",
        "password=",
        "passwd=",
        "pwd=",
        "sig=",
        "signature=",
        "sas=",
    ];
    identifier(&scheme.replace(['+', '-', '.', ':'], "_"))
        && !authority.is_empty()
        && !value.contains('@')
        && !value.contains(char::is_whitespace)
        && !credential.iter().any(|name| parameters.contains(name))
        && !has_scrambled_part(rest)
}

fn has_scrambled_part(text: &str) -> bool {
    text.split(|character: char| !character.is_ascii_alphanumeric())
        .any(mixed)
}

/// As `scrambled`, and also capitals, small letters and digits mixed in a shorter word.
fn mixed(word: &str) -> bool {
    let has = |class: fn(&u8) -> bool| word.bytes().any(|byte| class(&byte));
    let cases =
        has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    scrambled(word) || (cases && word.len() >= 10)
}

/// A file path: it starts at a folder or ends in an extension.
fn is_path(value: &str) -> bool {
    let rooted = ["/", "./", "../", "~/"]
        .iter()
        .any(|start| value.starts_with(start))
        || value
            .get(1..3)
            .is_some_and(|rest| rest == ":\\" || rest == ":/");
    let plain = |c: char| c.is_alphanumeric() || "/\\._-@ ~:*".contains(c);
    let name = value.rsplit(['/', '\\']).next().unwrap_or_default();
    let extended = value.contains(['/', '\\'])
        && name.rsplit_once('.').is_some_and(|(stem, extension)| {
            !stem.is_empty() && (1..=8).contains(&extension.len()) && identifier(extension)
        });
    (rooted || extended)
        && value.len() > 1
        && value.chars().all(plain)
        && !has_scrambled_part(value)
}

/// `PENDING_REVIEW`: words in capitals, joined.
fn is_constant(value: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase());
    value.contains('_') && value.len() <= 80 && value.split('_').all(word)
}

/// `org.hl7.fhir.Patient`, `auth.login.title`: names joined by dots.
fn is_dotted_identifier(value: &str) -> bool {
    let name = |part: &str| {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        part.len() <= 32
            && part.len() - letters.len() <= 2
            && identifier(&letters.replace('-', "_"))
            && !letters.bytes().any(|byte| byte.is_ascii_digit())
    };
    value.contains('.') && value.split('.').all(name)
}

/// Text for people: at least two words, nearly all of them of letters.
fn is_prose(value: &str) -> bool {
    let words: Vec<&str> = value.split_whitespace().collect();
    let spelt = words.iter().filter(|word| is_spelt(word)).count();
    let scheme = words
        .first()
        .is_some_and(|first| ["Bearer", "Basic", "Token", "Digest"].contains(first));
    words.len() > 1 && !scheme && !value.starts_with("-----BEGIN") && spelt * 5 >= words.len() * 4
}

/// Letters with punctuation around, all small, all capital, or with one capital first.
fn is_spelt(word: &str) -> bool {
    let core = word.trim_matches(|c: char| c.is_ascii_punctuation() || "…–—’“”«»¿¡".contains(c));
    let rest = core.chars().skip(1);
    core.chars().count() <= 24
        && core
            .chars()
            .all(|c| c.is_alphabetic() || "-'’/".contains(c))
        && (!rest.clone().any(char::is_uppercase) || !rest.clone().any(char::is_lowercase))
}
