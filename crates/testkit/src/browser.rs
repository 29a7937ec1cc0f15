//! A real browser, driven over WebDriver by plain HTTP: Debian's `chromium` and `chromium-driver`.

use crate::http::Connection;
use crate::{Node, until};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// The name by which WebDriver refers to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one window. It ends with this.
pub struct Browser {
    driver: Child,
    address: String,
    session: String,
    /// How often a person has clicked or typed into a field.
    pub acts: usize,
}

/// A member that is a text.
fn member(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl Drop for Browser {
    fn drop(&mut self) {
        let path = format!("/session/{}", self.session);
        let mut connection = Connection::network(&self.address).to_host(&self.address);
        let _ = connection.try_ask("DELETE", &path, &[], b"");
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Starts a browser that nobody has signed in with; without scripts when asked.
    ///
    /// # Panics
    /// When `chromedriver` is not installed: `make desk` installs it.
    pub fn start(scripts: bool) -> Browser {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed: make desk installs it");
        let address = format!("127.0.0.1:{port}");
        let mut browser = Browser { driver, address, session: String::new(), acts: 0 };
        until("chromedriver", || std::net::TcpStream::connect(&browser.address).ok());
        let content = if scripts { 1 } else { 2 };
        let options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,1000"],
            "prefs": { "profile.managed_default_content_settings.javascript": content },
        });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        }}});
        let begun = browser.call("POST", "/session", &wanted);
        browser.session = member(&begun, "sessionId");
        browser
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        match self.try_call(method, path, body) {
            Ok(value) => value,
            Err(why) => panic!("{method} {path}: {why}"),
        }
    }

    fn try_call(&self, method: &str, path: &str, body: &Value) -> Result<Value, Value> {
        let path = match path {
            "/session" => path.to_owned(),
            _ => format!("/session/{}{path}", self.session),
        };
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let mut connection = Connection::network(&self.address).to_host(&self.address);
        let headers = [("content-type", "application/json")];
        let answer = connection.ask(method, &path, &headers, body.as_bytes());
        let value = answer.json().get("value").cloned().unwrap_or_default();
        if answer.status == 200 { Ok(value) } else { Err(value) }
    }

    /// Goes to an address.
    pub fn open(&mut self, node: &Node, path: &str) {
        let url = format!("http://{}{path}", node.address);
        self.call("POST", "/url", &json!({ "url": url }));
    }

    fn find(&self, xpath: &str) -> Option<String> {
        let by = json!({ "using": "xpath", "value": xpath });
        let found = self.try_call("POST", "/element", &by).ok()?;
        Some(member(&found, ELEMENT))
    }

    /// Clicks a link or button with these words; waits until it is there.
    pub fn click(&mut self, words: &str) {
        let of = format!("[normalize-space(.)=\"{words}\" or normalize-space(text())=\"{words}\"]");
        let xpath = format!("//a{of} | //button{of} | //summary{of}");
        let element = until(&format!("“{words}”"), || self.find(&xpath));
        self.press_on(&element);
    }

    /// Clicks where a person would have scrolled to: the driver stops below the bar at the edge.
    fn press_on(&mut self, element: &str) {
        self.acts += 1;
        let there = json!({ ELEMENT: element });
        let script = "arguments[0].scrollIntoView({ block: 'center' })";
        self.call("POST", "/execute/sync", &json!({ "script": script, "args": [there] }));
        self.call("POST", &format!("/element/{element}/click"), &json!({}));
    }

    /// Clicks what has this id.
    pub fn click_on(&mut self, id: &str) {
        let element = until(id, || self.find(&format!("//*[@id=\"{id}\"]")));
        self.press_on(&element);
    }

    /// Types into the field of this name, in the place of what stands there.
    pub fn write(&mut self, field: &str, text: &str) {
        let xpath = format!("//*[@name=\"{field}\" and not(@type=\"hidden\")]");
        let element = until(&format!("the field {field}"), || self.find(&xpath));
        self.acts += 1;
        self.call("POST", &format!("/element/{element}/clear"), &json!({}));
        self.call("POST", &format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Ticks a box, or chooses.
    pub fn choose(&mut self, field: &str, value: &str) {
        let xpath = format!("//input[@name=\"{field}\" and @value=\"{value}\"]");
        let element = until(&format!("{field}: {value}"), || self.find(&xpath));
        self.press_on(&element);
    }

    /// Presses keys in whatever has the focus.
    pub fn press(&mut self, keys: &str) {
        let each: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key})))
            .collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": each }] });
        self.call("POST", "/actions", &actions);
    }

    /// The name of the field that has the focus.
    pub fn find_focus(&self) -> String {
        let name = self.run("return document.activeElement.getAttribute('name') || ''");
        name.as_str().unwrap_or_default().to_owned()
    }

    /// Goes on by the tab key until the focus is on the link, button or field with these words or this
    /// name.
    pub fn tab_to(&mut self, what: &str) {
        const MOST: usize = 120;
        let focus = "const one = document.activeElement; \
                     return [one.getAttribute('name') || '', one.textContent.trim()]";
        for _ in 0..MOST {
            let found = self.run(focus);
            if found.as_array().is_some_and(|all| all.iter().any(|one| one == what)) {
                self.acts += 1;
                return;
            }
            self.press("\u{e004}");
        }
        panic!("“{what}” cannot be reached by the keyboard: {}", self.text());
    }

    /// Presses the pointer in the middle of what this selector finds, or so many pixels beside it; moves it
    /// by so many with the button down, if at all, and lets go.
    pub fn drag(&mut self, css: &str, beside: (i32, i32), by: Option<(i32, i32)>) {
        let asked = json!({ "using": "css selector", "value": css });
        let found = until(css, || self.try_call("POST", "/element", &asked).ok());
        self.acts += 1;
        let script = "arguments[0].scrollIntoView({ block: 'center' })";
        self.call("POST", "/execute/sync", &json!({ "script": script, "args": [found] }));
        let mut steps = vec![
            json!({ "type": "pointerMove", "origin": found, "x": beside.0, "y": beside.1 }),
            json!({ "type": "pointerDown", "button": 0 }),
        ];
        if let Some((x, y)) = by {
            let over = json!({ "type": "pointerMove", "origin": "pointer", "x": x, "y": y, "duration": 100 });
            steps.push(over);
        }
        steps.push(json!({ "type": "pointerUp", "button": 0 }));
        let actions =
            json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": steps }] });
        self.call("POST", "/actions", &actions);
    }

    /// What a reader sees of the page.
    pub fn text(&self) -> String {
        let body = self.find("//body").unwrap_or_default();
        let text = self.try_call("GET", &format!("/element/{body}/text"), &Value::Null);
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Waits until the page says this; it is not loaded again.
    pub fn says(&self, words: &str) {
        until(&format!("“{words}” on the page"), || self.text().contains(words).then_some(()));
    }

    /// What a script finds out.
    pub fn run(&self, script: &str) -> Value {
        self.call("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What a script finds out that takes its time: it calls `arguments[0]`.
    pub fn run_async(&self, script: &str) -> Value {
        self.call("POST", "/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// Sets the window's width, and light or dark.
    pub fn look(&self, width: u32, dark: bool) {
        let metrics =
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        for (command, params) in
            [("Emulation.setDeviceMetricsOverride", metrics), ("Emulation.setEmulatedMedia", media)]
        {
            let asked = json!({ "cmd": command, "params": params });
            self.call("POST", "/goog/cdp/execute", &asked);
        }
    }

    /// The window as a picture (PNG, in base64).
    pub fn picture(&self) -> String {
        let picture = self.call("GET", "/screenshot", &Value::Null);
        picture.as_str().unwrap_or_default().to_owned()
    }

    /// What the browser complains of since it was last asked: scripts that fail, what a policy bars.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.call("POST", "/se/log", &json!({ "type": "browser" }));
        let all = log.as_array().cloned().unwrap_or_default();
        let each = all.iter().filter_map(|one| one.get("message")?.as_str().map(str::to_owned));
        // A browser asks for an icon by itself; a page that was refused is a complaint too.
        each.filter(|one| !one.contains("favicon.ico") && !one.contains("status of 4")).collect()
    }
}
