//! A small static server for one folder: loopback only, GET and HEAD only, nothing cached, the strict content policy.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::paths;

/// What a careful portal would send. `'wasm-unsafe-eval'` allows compiling Wasm and nothing else.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Tried first where no port is asked for, so that the address stays the same from run to run.
const USUAL_PORT: u16 = 8417;
const LONGEST_HEAD: u64 = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    root: PathBuf,
}

pub fn run(port: Option<u16>) -> Result<ExitCode> {
    let server = Server::bind(&paths::site(), port)?;
    println!("serving {} at {}  (Ctrl-C ends it)", server.root.display(), server.url());
    server.run()
}

impl Server {
    /// Listens on loopback: on `port`, or without one on the usual port or else any free one.
    pub fn bind(root: &Path, port: Option<u16>) -> Result<Self> {
        let root = root
            .canonicalize()
            .with_context(|| format!("there is no {}: run `cargo xtask build` first", root.display()))?;
        let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let listener = match port {
            Some(port) => bind(port).with_context(|| format!("port {port} cannot be had"))?,
            None => bind(USUAL_PORT).or_else(|_| bind(0))?,
        };
        let address = listener.local_addr()?;
        Ok(Self { listener, address, root })
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until the process ends.
    pub fn run(self) -> Result<ExitCode> {
        for connection in self.listener.incoming() {
            let Ok(connection) = connection else { continue };
            let root = self.root.clone();
            // A visitor who goes away in the middle is no reason to stop.
            thread::spawn(move || answer(connection, &root).ok());
        }
        bail!("the listening socket was closed")
    }

    /// Serves in the background while this process lives, and returns the address.
    pub fn spawn(self) -> String {
        let url = self.url();
        thread::spawn(move || self.run());
        url
    }
}

struct Response {
    status: &'static str,
    kind: &'static str,
    body: Vec<u8>,
    location: Option<String>,
}

impl Response {
    fn plain(status: &'static str) -> Self {
        let body = format!("{status}\n").into_bytes();
        Self { status, kind: "text/plain; charset=utf-8", body, location: None }
    }
}

fn answer(mut connection: TcpStream, root: &Path) -> Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new(connection.try_clone()?).take(LONGEST_HEAD);
    let mut request = Vec::new();
    head.read_until(b'\n', &mut request)?;
    loop {
        let mut header = Vec::new();
        if head.read_until(b'\n', &mut header)? == 0 || header.trim_ascii().is_empty() {
            break;
        }
    }
    // Bytes that are no text make a request that is none.
    let request = String::from_utf8_lossy(&request);
    let method = request.split(' ').next().unwrap_or_default();
    let response = match head.limit() {
        0 => Response::plain("431 Request Header Fields Too Large"),
        _ => respond(&request, root),
    };
    let mut headers = format!(
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nContent-Security-Policy: {CONTENT_POLICY}\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n\
         Connection: close\r\n",
        response.status,
        response.kind,
        response.body.len(),
    );
    if response.status.starts_with("405") {
        headers.push_str("Allow: GET, HEAD\r\n");
    }
    if let Some(location) = &response.location {
        headers.push_str(&format!("Location: {location}\r\n"));
    }
    headers.push_str("\r\n");
    connection.write_all(headers.as_bytes())?;
    if method != "HEAD" {
        connection.write_all(&response.body)?;
    }
    Ok(connection.flush()?)
}

fn respond(request: &str, root: &Path) -> Response {
    let mut words = request.trim_end().split(' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Response::plain("400 Bad Request");
    };
    if !version.starts_with("HTTP/1.") || !target.starts_with('/') {
        return Response::plain("400 Bad Request");
    }
    if method != "GET" && method != "HEAD" {
        return Response::plain("405 Method Not Allowed");
    }
    let address = target.split(['?', '#']).next().unwrap_or_default();
    let Some(path) = inside(root, address) else {
        return Response::plain("400 Bad Request");
    };
    if path.is_dir() && !address.ends_with('/') {
        let location = Some(format!("{address}/"));
        return Response { location, ..Response::plain("301 Moved Permanently") };
    }
    let file = if path.is_dir() { path.join("index.html") } else { path };
    // A link that leads out of the folder is as good as no file.
    match file.canonicalize() {
        Ok(real) if real.starts_with(root) && real.is_file() => match fs::read(&real) {
            Ok(body) => Response { status: "200 OK", kind: media_type(&real), body, location: None },
            Err(_) => Response::plain("404 Not Found"),
        },
        _ => Response::plain("404 Not Found"),
    }
}

/// The file an address names, or nothing where any part of it could lead out of `root` or to a hidden file.
fn inside(root: &Path, address: &str) -> Option<PathBuf> {
    let mut path = root.to_path_buf();
    let mut parts = address.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        if part.is_empty() && parts.peek().is_none() {
            break;
        }
        let name = percent_decoded(part)?;
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        path.push(name);
    }
    Some(path)
}

fn percent_decoded(part: &str) -> Option<String> {
    let mut pieces = part.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" | "ts" | "yaml" | "yml" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::fs;
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::path::PathBuf;

    use super::{CONTENT_POLICY, Server};

    /// A served folder of its own for one test, beside a file that must stay out of reach.
    struct Site {
        folder: PathBuf,
        address: String,
    }

    impl Site {
        fn new(name: &str) -> Self {
            let folder = env::temp_dir().join(format!("xtask-serve-{name}-{}", std::process::id()));
            let root = folder.join("site");
            fs::create_dir_all(root.join("sub")).unwrap();
            fs::write(folder.join("secret.txt"), "secret").unwrap();
            fs::write(root.join("index.html"), "<p>医保").unwrap();
            fs::write(root.join("sub/index.html"), "sub").unwrap();
            fs::write(root.join("a b.mjs"), "export {}").unwrap();
            fs::write(root.join("x.wasm"), b"\0asm").unwrap();
            fs::write(root.join(".hidden"), "hidden").unwrap();
            let url = Server::bind(&root, Some(0)).unwrap().spawn();
            let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
            Self { folder, address }
        }

        fn ask(&self, request_line: &str) -> String {
            let mut connection = TcpStream::connect(&self.address).unwrap();
            write!(connection, "{request_line}\r\nHost: {}\r\n\r\n", self.address).unwrap();
            let mut answer = Vec::new();
            connection.read_to_end(&mut answer).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        }

        fn get(&self, target: &str) -> String {
            self.ask(&format!("GET {target} HTTP/1.1"))
        }
    }

    impl Drop for Site {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.folder).ok();
        }
    }

    #[test]
    fn serves_files_with_their_types_and_the_policy() {
        let site = Site::new("types");
        let page = site.get("/?scheme=resident");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
        assert!(page.contains("Content-Type: text/html; charset=utf-8\r\n"), "{page}");
        assert!(page.contains(&format!("Content-Security-Policy: {CONTENT_POLICY}\r\n")), "{page}");
        assert!(page.contains("Cache-Control: no-store\r\n"), "{page}");
        assert!(page.ends_with("\r\n\r\n<p>医保"), "{page}");
        assert!(site.get("/a%20b.mjs").contains("Content-Type: text/javascript; charset=utf-8\r\n"));
        assert!(site.get("/x.wasm").contains("Content-Type: application/wasm\r\n"));
        assert!(site.get("/sub").contains("Location: /sub/\r\n"));
        assert!(site.get("/sub/").ends_with("\r\n\r\nsub"));
        assert!(site.get("/none").starts_with("HTTP/1.1 404 "));
    }

    #[test]
    fn head_sends_the_length_and_no_body() {
        let site = Site::new("head");
        let answer = site.ask("HEAD /x.wasm HTTP/1.1");
        assert!(answer.contains("Content-Length: 4\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    }

    #[test]
    fn refuses_other_methods_and_malformed_requests() {
        let site = Site::new("methods");
        let answer = site.ask("POST / HTTP/1.1");
        assert!(answer.starts_with("HTTP/1.1 405 ") && answer.contains("Allow: GET, HEAD\r\n"), "{answer}");
        for request in ["GET / SPDY/3", "GET http://elsewhere/ HTTP/1.1", "GET /", "nonsense", ""] {
            let answer = site.ask(request);
            assert!(answer.starts_with("HTTP/1.1 400 "), "{request}: {answer}");
        }
    }

    #[test]
    fn answers_what_is_no_text_and_what_is_too_long() {
        let site = Site::new("strange");
        let send = |bytes: &[u8]| {
            let mut connection = TcpStream::connect(&site.address).unwrap();
            // The answer may come, and the connection end, before all of it is sent.
            connection.write_all(bytes).ok();
            connection.shutdown(std::net::Shutdown::Write).ok();
            let mut answer = Vec::new();
            connection.read_to_end(&mut answer).ok();
            String::from_utf8_lossy(&answer).into_owned()
        };
        for request in
            [&b"GET /\xff\xfe HTTP/1.1\r\n\r\n"[..], b"\xff\0\r\n\r\n", b"\r\n", b"GET /%ff HTTP/1.1\r\n\r\n"]
        {
            let answer = send(request);
            assert!(answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.1 404 "), "{answer}");
        }
        let header = send(&[b"GET / HTTP/1.1\r\nHost: [::\r\n\xff: \xff\r\n\r\n".as_slice()].concat());
        assert!(header.starts_with("HTTP/1.1 200 "), "{header}");
        // Just as much as is read, so that nothing is left unread when the connection ends.
        let long = [b"GET / HTTP/1.1\r\nA: ".as_slice(), &[b'a'; 16 * 1024 - 19]].concat();
        let answer = send(&long);
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
        assert!(site.get("/sub/").ends_with("\r\n\r\nsub"));
    }

    #[test]
    fn refuses_every_way_out_of_the_folder() {
        let site = Site::new("paths");
        for target in [
            "/../secret.txt",
            "/sub/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/..%5csecret.txt",
            "/%00",
            "//secret.txt",
            "/.hidden",
            "/%zz",
            "/%+1",
        ] {
            let answer = site.get(target);
            assert!(answer.starts_with("HTTP/1.1 400 "), "{target}: {answer}");
            assert!(!answer.contains("secret"), "{target}: {answer}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn does_not_follow_a_link_that_leads_out() {
        let site = Site::new("links");
        std::os::unix::fs::symlink(site.folder.join("secret.txt"), site.folder.join("site/link.txt")).unwrap();
        assert!(site.get("/link.txt").starts_with("HTTP/1.1 404 "));
    }
}
