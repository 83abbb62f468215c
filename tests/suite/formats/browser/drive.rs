//! Headless Chromium over its debugging pipe: no port, no driver, no library.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longest wait for one answer: a busy machine starts a browser slowly.
const PATIENCE: Duration = Duration::from_secs(90);
const PROGRAMS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// One page in one browser.
pub struct Browser {
    child: Child,
    messages: Receiver<Value>,
    session: Option<String>,
    last: u64,
    requests: Vec<(String, String)>,
    _folder: tempfile::TempDir,
}

impl Browser {
    /// Opens the page; `None`, and a word why, where there is no browser.
    pub fn open(page: &str) -> Option<Self> {
        let Some(program) = installed() else {
            eprintln!("skipped: no Chromium is installed");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("page.html");
        std::fs::write(&file, page).expect("the page");
        // The shell puts the pipe where the browser looks for it: read from 3, write to 4.
        let script = "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null";
        let mut child = Command::new("sh")
            .args(["-c", script, &program])
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
            ])
            .args([
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-sync",
            ])
            .arg(format!(
                "--user-data-dir={}",
                folder.path().join("profile").display()
            ))
            .args(["--remote-debugging-pipe", "about:blank"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let out = child.stdout.take().expect("a pipe");
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(out).split(0).map_while(Result::ok) {
                let parsed = serde_json::from_slice(&message).expect("the browser speaks JSON");
                if sender.send(parsed).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self {
            child,
            messages,
            session: None,
            last: 0,
            requests: Vec::new(),
            _folder: folder,
        };
        browser.attach(&format!("file://{}", file.display()));
        Some(browser)
    }

    fn attach(&mut self, address: &str) {
        let target = self.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attached = self.call(
            "Target.attachToTarget",
            &json!({"targetId": target["targetId"], "flatten": true}),
        );
        self.session = attached["sessionId"].as_str().map(str::to_owned);
        self.call("Network.enable", &json!({}));
        self.call("Page.enable", &json!({}));
        self.look("light", "screen", 1280);
        self.call("Page.navigate", &json!({"url": address}));
        for _ in 0..600 {
            if self.evaluate("document.readyState + location.protocol") == "completefile:" {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the page never loaded");
    }

    /// One command and its answer. Requests that happen meanwhile are remembered.
    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        let pipe = self.child.stdin.as_mut().expect("a pipe");
        pipe.write_all(&bytes).expect("the browser listens");
        pipe.flush().expect("the browser listens");
        loop {
            let answer = self
                .messages
                .recv_timeout(PATIENCE)
                .expect("the browser answers");
            if answer["method"] == "Network.requestWillBeSent" {
                let address = &answer["params"]["request"]["url"];
                let id = answer["params"]["requestId"].to_string();
                self.requests
                    .push((id, address.as_str().unwrap_or_default().to_owned()));
            }
            if answer["params"]["blockedReason"] == "csp" {
                let id = answer["params"]["requestId"].to_string();
                self.requests.retain(|(request, _)| *request != id);
            }
            if answer["id"] == json!(self.last) {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    /// The value of an expression in the page; the page's own policy does not bind the debugger.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", &params);
        assert!(
            answer.get("exceptionDetails").is_none(),
            "{expression}: {answer}"
        );
        answer["result"]["value"].clone()
    }

    /// Presses and releases one key, as a keyboard does.
    pub fn press(&mut self, key: &str, code: &str, number: u32) {
        for kind in ["keyDown", "keyUp"] {
            let mut params =
                json!({"type": kind, "key": key, "code": code, "windowsVirtualKeyCode": number});
            match key {
                "Enter" if kind == "keyDown" => params["text"] = json!("\r"),
                " " if kind == "keyDown" => params["text"] = json!(" "),
                _ => {}
            }
            self.call("Input.dispatchKeyEvent", &params);
        }
    }

    /// Moves the focus with the tab key until it is there: what no key reaches fails.
    pub fn tab_to(&mut self, selector: &str) {
        for _ in 0..400 {
            let there = format!(
                "document.activeElement === document.querySelector({})",
                json!(selector)
            );
            if self.evaluate(&there) == json!(true) {
                return;
            }
            self.press("Tab", "Tab", 9);
        }
        panic!("no key reaches {selector}");
    }

    /// Light or dark, screen or print, and how wide.
    pub fn look(&mut self, scheme: &str, media: &str, width: u32) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call(
            "Emulation.setEmulatedMedia",
            &json!({"media": media, "features": features}),
        );
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Everything that the page asked for and that its policy did not stop.
    pub fn requests(&mut self) -> Vec<String> {
        // An answer to anything comes after the news of requests before it.
        self.evaluate("1");
        self.requests
            .iter()
            .map(|(_, address)| address.clone())
            .collect()
    }

    /// The page as a PDF, in base64.
    pub fn pdf(&mut self) -> String {
        let answer = self.call("Page.printToPDF", &json!({"printBackground": true}));
        answer["data"].as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A browser that is gone already needs no end.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn installed() -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    PROGRAMS
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
        .and_then(|file| file.to_str().map(str::to_owned))
}
