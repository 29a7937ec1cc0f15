//! A plain HTTP/1.1 client over a kept connection: what is sent is exactly what a test wants.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::Path;

/// A kept connection.
pub struct Connection {
    reader: BufReader<Box<dyn Stream>>,
    /// As which host it asks.
    host: String,
}

/// Either kind of stream.
pub trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names as they were received, with their values, in order.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; a test stops here when it is not.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the answer is JSON")
    }
}

/// The media type of TAXII 2.1.
const TAXII: &str = "application/taxii+json;version=2.1";

impl Connection {
    /// Posts an envelope to a collection by TAXII, and waits until it is taken in.
    ///
    /// # Panics
    /// When it is not.
    pub fn take_in(&mut self, path: &str, authorization: &str, envelope: &str) {
        let headers =
            [("authorization", authorization), ("content-type", TAXII), ("accept", TAXII)];
        let answer = self.ask("POST", path, &headers, envelope.as_bytes());
        assert_eq!(answer.status, 202, "{}", answer.text());
    }

    /// To `host:port`.
    pub fn network(address: &str) -> Connection {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Connection::over(Box::new(stream))
    }

    /// To a node's socket.
    pub fn socket(path: &Path) -> Connection {
        Connection::try_socket(path).unwrap()
    }

    /// The same, to a node that may not be there.
    pub fn try_socket(path: &Path) -> io::Result<Connection> {
        Ok(Connection::over(Box::new(UnixStream::connect(path)?)))
    }

    fn over(stream: Box<dyn Stream>) -> Connection {
        Connection { reader: BufReader::new(stream), host: "test".to_owned() }
    }

    /// Asks as a browser does that was given this address.
    #[must_use]
    pub fn to_host(self, host: &str) -> Connection {
        Connection { host: host.to_owned(), ..self }
    }

    /// Sends a request and reads its answer.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        self.try_ask(method, path, headers, body).unwrap()
    }

    /// The same, of a node that may end meanwhile.
    pub fn try_ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.host);
        for (name, value) in headers {
            head = format!("{head}{name}: {value}\r\n");
        }
        head = format!("{head}content-length: {}\r\n\r\n", body.len());
        let stream = self.reader.get_mut();
        stream.write_all(head.as_bytes())?;
        // A server may answer and close before it has read all: that answer is what counts.
        let _ = stream.write_all(body).and_then(|()| stream.flush());
        self.answer()
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(cut)?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line)?;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(cut)?;
            headers.push((name.to_owned(), value.trim_start().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        let length = answer.header("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        answer.body = body;
        Ok(answer)
    }
}
