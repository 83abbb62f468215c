//! Invented values, and every kind of file to plant them in.

/// Values that no output may hold. They are put together at run time, so that no scanner takes
/// this file's text for live credentials.
pub struct Values {
    /// A provider's token.
    pub token: String,
    /// Another provider's.
    pub stripe: String,
    /// A password without a form of its own.
    pub password: String,
    /// A key in hexadecimal digits.
    pub key: String,
    /// A signed token that opens everything.
    pub jwt: String,
    /// The body of a private key.
    pub pem: String,
    /// What identifies a patient.
    pub patient: Vec<String>,
}

impl Values {
    /// Values that differ for every seed.
    pub fn new(seed: u64) -> Self {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut take = |letters: &str, count: usize| -> String {
            let letters: Vec<char> = letters.chars().collect();
            let mut pick = || {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let high = usize::try_from(state >> 40).expect("24 bits");
                letters[high % letters.len()]
            };
            (0..count).map(|_| pick()).collect()
        };
        const WORD: &str = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
        const DIGITS: &str = "0123456789";
        let header = base64(br#"{"alg":"HS256","typ":"JWT"}"#);
        let id = take(WORD, 12);
        let claims = format!(
            r#"{{"iss":"clinic-{id}","role":"service_role","iat":1700000000,"exp":2015360000}}"#
        );
        let claims = base64(claims.as_bytes());
        Self {
            token: format!("{}{}", ["glp", "at-"].concat(), take(WORD, 20)),
            stripe: format!("{}{}", ["sk_", "live_"].concat(), take(WORD, 24)),
            password: format!("Zebra-{}-{}!9", take(WORD, 7), take(WORD, 6)),
            key: take("0123456789abcdef", 64),
            jwt: format!("{header}.{claims}.{}", take(WORD, 43)),
            pem: (0..12).map(|_| format!("{}\n", take(WORD, 64))).collect(),
            patient: vec![
                format!(
                    "9{}-{}-{}",
                    take(DIGITS, 2),
                    take(DIGITS, 2),
                    take(DIGITS, 4)
                ),
                format!("MR{}", take(DIGITS, 8)),
                format!(
                    "19{}-0{}-1{}",
                    take(DIGITS, 2),
                    take("123456789", 1),
                    take(DIGITS, 1)
                ),
                format!(
                    "({}) {}-{}",
                    take("23456789", 3),
                    take(DIGITS, 3),
                    take(DIGITS, 4)
                ),
                format!("{}@mail.test", take("abcdefghijklmnopqrstuvwxyz", 10)),
                format!("1{}", take(DIGITS, 9)),
            ],
        }
    }

    /// An address with the password in it.
    pub fn url(&self) -> String {
        format!(
            "postgresql://clinic:{}@db.ward-seven.net:5432/ehr",
            self.password
        )
    }

    /// All of them, with the lines of the key one by one.
    pub fn all(&self) -> Vec<String> {
        let claims = self.jwt.split('.').skip(1).map(str::to_owned);
        let short = [&self.token, &self.stripe, &self.password, &self.key];
        short
            .into_iter()
            .cloned()
            .chain(claims)
            .chain(self.pem.lines().map(str::to_owned))
            .chain(self.patient.iter().cloned())
            .collect()
    }

    /// The text with its marks replaced by values.
    fn fill(&self, text: &str) -> String {
        let pem = format!(
            "-----BEGIN {0} KEY-----\n{1}-----END {0} KEY-----\n",
            "PRIVATE", self.pem
        );
        let escaped = pem.replace('\n', "\\n");
        let encoded = base64(self.password.as_bytes());
        let mut out = text
            .replace("«token»", &self.token)
            .replace("«stripe»", &self.stripe)
            .replace("«password»", &self.password)
            .replace("«key»", &self.key)
            .replace("«jwt»", &self.jwt)
            .replace("«url»", &self.url())
            .replace("«pem»", &pem)
            .replace("«pem-escaped»", &escaped)
            .replace("«password-base64»", &encoded);
        for (mark, value) in ["ssn", "mrn", "born", "phone", "mail", "npi"]
            .iter()
            .zip(&self.patient)
        {
            out = out.replace(&format!("«{mark}»"), value);
        }
        out
    }

    /// Every file with its values.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        FILES
            .iter()
            .map(|(path, text)| (*path, self.fill(text)))
            .collect()
    }
}

/// Base64 as URLs and JWTs write it.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for part in bytes.chunks(3) {
        let byte = |at: usize| u32::from(part.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=part.len() {
            let index = usize::try_from(bits >> (18 - 6 * at) & 63).expect("six bits");
            out.push(char::from(LETTERS[index]));
        }
    }
    out
}

/// Every kind of file. A mark in guillemets stands for a value.
const FILES: &[(&str, &str)] = &[
    (
        ".env",
        "DATABASE_URL=«url»\nENCRYPTION_KEY=«key»\nGITHUB_TOKEN=«token»\nADMIN_PASSWORD=«password»\nSERVICE_ROLE_KEY=«jwt»\n",
    ),
    (
        ".env.production.bak",
        "export STRIPE_SECRET_KEY='«stripe»'\nexport DB_PASSWORD='«password»'\n",
    ),
    (
        "config/app.yaml",
        "db:\n  password: «password»\n  url: «url»\ngithub:\n  token: «token»\nencryption_key: «key»\n",
    ),
    (
        "config/app.json",
        "{\"db\": {\"password\": \"«password»\", \"url\": \"«url»\"}, \"stripeSecretKey\": \"«stripe»\", \"jwt\": \"«jwt»\"}\n",
    ),
    (
        "config/app.toml",
        "[db]\npassword = \"«password»\"\nurl = \"«url»\"\n[stripe]\nsecret_key = \"«stripe»\"\n",
    ),
    (
        "config/app.ini",
        "[db]\npassword = «password»\n[github]\ntoken = «token»\n",
    ),
    (
        "src/main/resources/application.properties",
        "spring.datasource.password=«password»\nspring.datasource.url=jdbc:postgresql://db.ward-seven.net/ehr?user=clinic&password=«password»\njwt.secret=«key»\n",
    ),
    (
        "src/main/resources/application-prod.yml",
        "spring:\n  datasource:\n    password: «password»\n",
    ),
    (
        "config/server.xml",
        "<config><db password=\"«password»\"/><password>«password»</password><apiKey>«token»</apiKey></config>\n",
    ),
    (
        "appsettings.json",
        "{\"ConnectionStrings\": {\"Ehr\": \"Server=db.ward-seven.net;Database=ehr;User Id=clinic;Password=«password»;\"}}\n",
    ),
    (
        "app/settings.py",
        "GITHUB = \"«token»\"\nSECRET_KEY = \"«key»\"\nDB_PASSWORD = '«password»'\nengine = create_engine(\"«url»\")\nKEY = os.getenv(\"JWT_SECRET\", \"«password»\")\n",
    ),
    (
        "src/config.ts",
        "export const jwtSecret = process.env.JWT_SECRET || \"«password»\"\nconst stripe = new Stripe(\"«stripe»\")\nconst serviceRoleKey = '«jwt»'\n",
    ),
    (
        "src/long.js",
        "var token = '«stripe»', password = \"«password»\";\n",
    ),
    (
        "src/main/java/App.java",
        "class App {\n  static final String DB_PASSWORD = \"«password»\";\n  static final String TOKEN = \"«token»\";\n  Connection c = DriverManager.getConnection(\"jdbc:mysql://db.ward-seven.net/ehr\", \"clinic\", \"«password»\");\n}\n",
    ),
    (
        "src/App.kt",
        "val apiKey = \"«token»\"\nval dbPassword = \"«password»\"\n",
    ),
    (
        "src/Program.cs",
        "var apiKey = \"«token»\";\nvar connection = \"Server=db.ward-seven.net;User Id=clinic;Password=«password»;\";\n",
    ),
    (
        "src/main.go",
        "package main\nvar apiKey = \"«stripe»\"\nconst dbPassword = \"«password»\"\n",
    ),
    (
        "src/app.rb",
        "DB_PASSWORD = '«password»'\nStripe.api_key = '«stripe»'\n",
    ),
    (
        "src/index.php",
        "<?php\ndefine('DB_PASSWORD', '«password»');\n$token = '«token»';\n",
    ),
    (
        "src/page.tsx",
        "export const Page = () => <Map apiKey=\"«stripe»\" password=\"«password»\" />;\n",
    ),
    (
        "notebooks/a.ipynb",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"api_key = '«token»'\\n\", \"password = '«password»'\\n\"], \"outputs\": [{\"text\": [\"«stripe»\"]}]}], \"nbformat\": 4}\n",
    ),
    (
        "infra/main.tf",
        "resource \"aws_db_instance\" \"ehr\" {\n  engine = \"postgres\"\n  username = \"clinic\"\n  password = \"«password»\"\n  publicly_accessible = true\n}\nvariable \"github_token\" {\n  default = \"«token»\"\n}\n",
    ),
    (
        "infra/prod.tfvars",
        "db_password = \"«password»\"\nstripe_key = \"«stripe»\"\n",
    ),
    (
        "infra/terraform.tfstate",
        "{\"version\": 4, \"terraform_version\": \"1.9.5\", \"resources\": [{\"type\": \"aws_db_instance\", \"instances\": [{\"attributes\": {\"password\": \"«password»\", \"token\": \"«token»\", \"engine\": \"postgres\", \"username\": \"clinic\"}}]}]}\n",
    ),
    (
        "infra/vault.hcl",
        "storage \"postgresql\" {\n  connection_url = \"«url»\"\n}\ntoken = \"«token»\"\n",
    ),
    (
        "Dockerfile",
        "FROM node:latest\nENV STRIPE_KEY=«stripe»\nARG DB_PASSWORD=«password»\nRUN curl -u clinic:«password» https://files.ward-seven.net/x\nCMD [\"node\"]\n",
    ),
    (
        "compose.yaml",
        "version: '3'\nservices:\n  api:\n    image: clinic/api:latest\n    environment:\n      - API_KEY=«stripe»\n      - DB=${DB:-«url»}\n      - DB_PASSWORD=«password»\n    privileged: true\n",
    ),
    (
        "k8s/secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData:\n  password: «password»\n  url: «url»\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: old}\ndata:\n  password: «password-base64»\n",
    ),
    (
        "k8s/api.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: clinic/api:latest\n          env:\n            - name: DB_PASSWORD\n              value: «password»\n            - {name: GITHUB_TOKEN, value: \"«token»\"}\n",
    ),
    (
        "charts/ehr/values.yaml",
        "image: {tag: latest}\nauth:\n  password: «password»\n  apiKey: «stripe»\n",
    ),
    (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env: {TOKEN: «token»}\n    steps: [{run: 'curl -H \"Authorization: Bearer «token»\" https://x'}]\n",
    ),
    (
        ".gitlab-ci.yml",
        "deploy:\n  variables:\n    DB_PASSWORD: «password»\n  script:\n    - docker login -u clinic -p «password» registry.ward-seven.net\n",
    ),
    (
        "Jenkinsfile",
        "pipeline { environment { API_TOKEN = '«token»' } }\n",
    ),
    (
        ".npmrc",
        "//registry.npmjs.org/:_authToken=«token»\n//npm.ward-seven.net/:_password=«password»\n",
    ),
    (
        ".netrc",
        "machine db.ward-seven.net login clinic password «password»\n",
    ),
    (".pgpass", "db.ward-seven.net:5432:ehr:clinic:«password»\n"),
    (
        ".docker/config.json",
        "{\"auths\": {\"registry.ward-seven.net\": {\"username\": \"clinic\", \"password\": \"«password»\"}}}\n",
    ),
    (
        "deploy/kubeconfig",
        "apiVersion: v1\nkind: Config\nusers:\n  - name: admin\n    user:\n      token: «jwt»\n      password: «password»\n",
    ),
    (
        "deploy.sh",
        "#!/bin/sh\nexport PGPASSWORD=«password»\nmysql -u root -p«password» ehr\ncurl -H \"X-Api-Key: «key»\" https://files.ward-seven.net\n",
    ),
    ("Makefile", "deploy:\n\tGITHUB_TOKEN=«token» ./deploy.sh\n"),
    (
        "package.json",
        "{\"name\": \"clinic\", \"scripts\": {\"start\": \"TOKEN=«token» node x.js\"}}\n",
    ),
    (
        "pom.xml",
        "<project><properties><db.password>«password»</db.password></properties></project>\n",
    ),
    (
        "web.config",
        "<configuration><connectionStrings><add name=\"Ehr\" connectionString=\"Data Source=db;User Id=clinic;Password=«password»\"/></connectionStrings></configuration>\n",
    ),
    ("certs/server.key", "«pem»"),
    (
        "gcp/service-account.json",
        "{\"type\": \"service_account\", \"private_key_id\": \"«key»\", \"private_key\": \"«pem-escaped»\", \"client_email\": \"x@y.iam.gserviceaccount.com\"}\n",
    ),
    (
        "docs/STATUS.md",
        "EXPOSED: `ENCRYPTION_KEY=«key»` and «url»\n\nUse `Bearer «jwt»`.\n",
    ),
    (
        "docs/page.html",
        "<html><body><p>API_KEY=«stripe»</p><script>var apiKey = '«token»';</script></body></html>\n",
    ),
    (
        "docs/api.postman_collection.json",
        "{\"item\": [{\"request\": {\"auth\": {\"bearer\": [{\"key\": \"token\", \"value\": \"«token»\"}]}, \"header\": [{\"key\": \"x-api-key\", \"value\": \"«key»\"}]}}]}\n",
    ),
    (
        "docs/calls.http",
        "GET https://fhir.ward-seven.net/Patient\nAuthorization: Bearer «token»\n",
    ),
    (
        "data/export.csv",
        "service,token\npay,«stripe»\ncode,«token»\n",
    ),
    ("data/notes.txt", "the token is «token»\n"),
    (
        "db/seed.sql",
        "CREATE USER clinic WITH PASSWORD '«password»';\n",
    ),
    ("broken.yaml", "a: [unclosed\n token: «token»\n"),
    ("broken.json", "{\"api_key\": \"«stripe»\", "),
    (
        "preop.yaml",
        "apiVersion: preop.dev/v1\nkind: Config\nspec:\n  waivers:\n    - {rule: secret-token-github, path: docs/, reason: 'because «token» is rotated', approvedBy: '«stripe»'}\n",
    ),
    (
        "patients.csv",
        "last,first,ssn,mrn,dob,phone,email\nDoe,Jane,«ssn»,«mrn»,«born»,«phone»,«mail»\n",
    ),
    (
        "src/fixtures.py",
        "PATIENT = {\"ssn\": \"«ssn»\", \"mrn\": \"«mrn»\", \"dob\": \"«born»\", \"phone\": \"«phone»\", \"email\": \"«mail»\", \"npi\": \"«npi»\"}\nprint(f\"patient {PATIENT} ssn «ssn» mrn: «mrn»\")\nlogger.info(\"patient Jane Doe, born «born», phone: «phone», «mail»\")\n",
    ),
    (
        "src/patients.ts",
        "console.log(\"patient\", { name: \"Jane Doe\", mrn: \"«mrn»\", dob: \"«born»\", ssn: \"«ssn»\", email: \"«mail»\" })\n",
    ),
];
