//! Tables of values: one a cell, cells parted by ` | ` or a new line.

use super::*;

fn cells(table: &str) -> impl Iterator<Item = &str> {
    table
        .lines()
        .flat_map(|line| line.split(" | "))
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
}

#[test]
fn stand_ins_and_references() {
    assert!(placeholder("") && placeholder("  "));
    for value in cells(
        r#"
            "" | <password> | <your key> | ${DB_PASSWORD} | a${B}c | {{ .Values.password }}
            %DB_PASS% | $(cat secret) | $DB_PASSWORD | $CI_JOB_TOKEN | $env:TOKEN | @db.password@
            @DB_PASSWORD@ | __SECRET__ | #{Secret}# | <%= ENV['X'] %> | {% raw %} | Bearer {token}
            Bearer %s | %(password)s | [password] | changeme | change-me | CHANGE_ME_IN_PRODUCTION
            pleaseChangeMe! | changeme123 | change_this | replace-with-real-key | REPLACE_ME
            your-api-key | your_secret | YOUR_API_KEY_HERE | yourpassword | yourapikeyhere | xxx
            xxxxxxxx | XXXX-XXXX | sk-xxxxxxxxxxxx | todo | TODO: set | dummy | dummy-token
            dummyPassword | example | my-example-key | example.com | sample_secret | placeholder
            [REDACTED] | redacted | insert-token | INSERT_KEY_HERE | put-key-here | test-only
            for-testing-only | foo | bar | foo-bar | foobar | ... | … | *** | sk-*** | ********
            aaaaaaa | 0000-0000 | 11111111 | 00000000-0000-0000-0000-000000000000 | 1234567890
            12345678901234567890 | abcdef | abcdefghijklmnop | abcdef1234567890 | 0123456789abcdef
            deadbeefdeadbeef | env:DB_PASSWORD | vault:secret/data/db#pw | secretsmanager:prod/db
            arn:aws:secretsmanager:eu-west-1:1:secret:x | op://vault/item/field | process.env.SECRET
            os.environ['X'] | os.getenv("X") | System.getenv("X") | config('app.key')
            secrets.GITHUB_TOKEN | ENC[AES256_GCM,data:x] | {cipher}abc | /run/secrets/db | null
            None | undefined | true | False | n/a | AKIAIOSFODNN7EXAMPLE
            wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY | PASSWORD | DB_PASSWORD | USER | not-set
            fake-jwt | your-256-bit-secret | !vault x | [% adminPassword %] | @@API_TOKEN@@
            sk-1a2b3c4d5e6f7g8h9i | a1b2c3d4e5f6g7h8i9j0
        "#,
    ) {
        assert!(placeholder(value), "{value} is a stand-in");
    }
}

#[test]
fn weak_and_strong_passwords_are_no_stand_ins() {
    for value in cells(
        "
            postgres | Summer2024! | admin123 | h0spital-prod-2024! | password | secret | test
            test123 | latest-release | contestant | protestors9 | attestation | 123456 | 12345678
            123456789 | abc123 | abcd1234 | qwerty | letmein | hunter2 | mysecretpassword | changeit
            s3cr3t | Yourmom1! | youRock2024 | barcelona | foosball1 | Foo2024! | exemplary | todos!9
            replacement7 | correct horse | p@ss{w0rd | a$b | 100%sure | 7Gq{aB}x | hello_123
            ward-7-nurse | dragon | hospital | a1b2c3d4 | null-pointer9 | truely | xbox | x-ray-7 | maxx | heresy
            5f4dcc3b5aa765d61d8327deb882cf99 | kJ8sD92lQpZx71MnBvC4 | !Secret2024 | its-your-ward-2024 | Zt7}}pQ<%x#2 | my.secrets.99 | example-4f8a9c1e7b3d5f6a8c2e
            Qx7-fake-9f8e7d6c5b4a39281706
        ",
    ) {
        assert!(!placeholder(value), "{value} could be used");
    }
}

#[test]
fn harmless_kinds_are_told() {
    for (kind, values) in [
        (
            "digest",
            r"sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
              sha384-oqVuAfXRKap7fdgcCY5uykM6aB3+/oqVuAfXRKap7fdgcCY5uykM6aB3+/oqVuAf
              md5:0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        ),
        (
            "password-hash",
            "$2b$12$abcdefghijklmnopqrstuv | $argon2id$v=19$m=65536 | pbkdf2_sha256$600000$abc",
        ),
        (
            "uuid",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8 | urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        ),
        ("git-sha", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (
            "public-key",
            "-----BEGIN PUBLIC KEY-----MFkw | -----BEGIN CERTIFICATE-----MIIB
             ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
        ),
        ("color", "#fff | #A1B2C3 | #a1b2c3d4"),
        (
            "date",
            "2024-01-31 | 31.01.2024 | 2024-01-31T12:00:00Z | 2024-01-31 12:00:00+02:00",
        ),
        (
            "version",
            "1.2.3 | v1.2 | ^18.2.0 | 3.11-slim | 1.0.0-rc.1+build.5",
        ),
        (
            "mime-type",
            "application/fhir+json | text/html; charset=utf-8",
        ),
        (
            "url",
            "https://fhir.example.org/Patient | redis://cache:6379/0 | jdbc:postgresql://db/app",
        ),
        (
            "path",
            r"/etc/ssl/private/server.key | ./keys/dev.pem | src/auth/token.ts | C:\keys\a.pfx | ~/.ssh/id_rsa",
        ),
        ("constant", "PENDING_REVIEW | SERVICE_ROLE"),
        (
            "identifier",
            "org.hl7.fhir.Patient | auth.login.password-label | com.example.v2",
        ),
        (
            "prose",
            "Enter your password | Invalid token. | Passwort vergessen?
             The API key is required to call the server.",
        ),
    ] {
        for value in cells(values) {
            assert_eq!(kind_of_value(value), Some(kind), "{value}");
        }
    }
}

#[test]
fn what_could_be_a_secret_has_no_kind() {
    let jwt = concat!(
        "eyJhbGciOiJIUzI1NiJ9",
        ".eyJyb2xlIjoiYW5vbiJ9",
        ".c2lnbmF0dXJlMTIz"
    );
    let mail = concat!(
        "SG",
        ".aB3dE5fG7hI9jK1lM3nO5p",
        ".qR7sT9uV1wX3yZ5aB7cD9eF1gH3iJ5kL7mN9oP1qR3s"
    );
    for value in [
        "",
        jwt,
        mail,
        "-----BEGIN PRIVATE KEY-----\nMIIE some text here",
    ] {
        assert_eq!(kind_of_value(value), None, "{value}");
    }
    for value in cells(
        "
        postgres | admin123 | Summer2024! | h0spital-prod-2024! | 5f4dcc3b5aa765d61d8327deb882cf99
        kJ8sD92lQpZx71MnBvC4 | https://user:pw@host/ | postgres://a:b@db/x | https://h/x?token=abc
        https://hooks.example.com/services/T0/B0/aB3dE5fG7hI9jK1lM3 | Bearer abcdefghijkl
        wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz | /K7MDENGbPxRfi9CYzzz/x | #ggg | HOSPITAL
        6ba7b810-9dad-11d1-80b4 | DA39A3EE5E6B4B0D3255BFEF95601890AFD80709 | sha256:abc | p4ss word1
        a.b1c2d3.e
        ",
    ) {
        assert_eq!(kind_of_value(value), None, "{value}");
    }
}
