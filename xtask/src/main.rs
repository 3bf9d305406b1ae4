//! Set-up, build, test and demo. `cargo xtask help` says what each command does.

mod build;
mod check;
mod counts;
mod coverage;
mod demo;
mod estimate;
mod fuzz;
mod index;
mod jsbuild;
mod locks;
mod oracle;
mod packs;
mod paths;
mod portal;
mod process;
mod release;
mod serve;
mod setup;
mod steps;
mod test;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

const HELP: &str = "\
cargo xtask COMMAND

  demo [--port N] [--no-serve]   print one estimate natively, build the Wasm and the site, serve the site on loopback
  test [--fast]                  everything: format, lints, Rust tests, build, Node tests, browser tests
                                 --fast leaves out the lints for wasm32, the browser and its tests
  build                          both Wasm builds, the engine in JavaScript, the element, the compiled packs, the npm
                                 package and the demo site in www/dist
  release                        build, then target/yibao-rules-VERSION.zip: all that a portal serves, with check sums
  serve [--port N]               serve www/dist/site as last built, on loopback, under the strict content policy
  check [PACK…] [--prove]        compile packs (all shipped ones if none is named), run their cases, show rules that no
                                 case reaches and, with --prove, what is proved for every input
  answers FOLDER                 answer natively what FOLDER/questions.tsv asks, as the Node tests do
  coverage                       how much of the evaluator, its numbers and the inference the tests reach
  mutants [OPTION…]              change them in one place after another: which changes no test notices (hours)
  fuzz [TARGET…] [--seconds N]   what a stranger may send, led by coverage, for N seconds in all (60)
  decisions FOLDER               write the plans of all packs and what the native engine answers to every case
  estimate FILE                  print one estimate for the claim in FILE, natively
  help                           this text

Needs rustup and Node 20.19 or later (npm with it). `demo` and `test` fetch what else they need: the wasm32 target,
the wasm-bindgen glue (built from Cargo.lock), the npm packages and a browser (`test` only: CHROMIUM_PATH,
then chromium or google-chrome on the PATH, then apt-get as root, then Playwright's own).
Exit codes: 0 all well, 1 a step failed (the summary names it), 2 wrong usage.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match Request::parse(&arguments) {
        Ok(request) => request.run().unwrap_or_else(|error| {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }),
        Err(complaint) => {
            eprintln!("xtask: {complaint}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Request {
    Help,
    Demo { port: Option<u16>, serve: bool },
    Test { fast: bool },
    Build,
    Release,
    Serve { port: Option<u16> },
    Estimate { file: String },
    Decisions { folder: String },
    Answers { folder: String },
    Coverage,
    Mutants { more: Vec<String> },
    Fuzz { targets: Vec<String>, seconds: u32 },
    Check { packs: Vec<String>, proofs: bool },
}

impl Request {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let Some((command, rest)) = arguments.split_first() else {
            return Err("a command is missing".to_owned());
        };
        if rest.iter().any(|argument| argument == "--help" || argument == "-h") {
            return Ok(Self::Help);
        }
        let mut rest = rest.iter();
        let mut request = match command.as_str() {
            "help" | "--help" | "-h" => return Ok(Self::Help),
            "demo" => Self::Demo { port: None, serve: true },
            "test" => Self::Test { fast: false },
            "build" => Self::Build,
            "release" => Self::Release,
            "serve" => Self::Serve { port: None },
            "estimate" => Self::Estimate { file: rest.next().ok_or("`estimate` expects a FILE")?.clone() },
            "answers" => Self::Answers { folder: rest.next().ok_or("`answers` expects a FOLDER")?.clone() },
            "coverage" => Self::Coverage,
            "fuzz" => Self::Fuzz { targets: Vec::new(), seconds: 60 },
            "mutants" => return Ok(Self::Mutants { more: rest.cloned().collect() }),
            "decisions" => Self::Decisions { folder: rest.next().ok_or("`decisions` expects a FOLDER")?.clone() },
            "check" => Self::Check { packs: Vec::new(), proofs: false },
            other => {
                return Err(format!(
                    "unknown command `{other}`; expected one of `demo`, `test`, `build`, `release`, `serve`, `check`, `answers`, `coverage`, `mutants`, `fuzz`, `decisions`, `estimate`, `help`"
                ));
            }
        };
        while let Some(argument) = rest.next() {
            match (argument.as_str(), &mut request) {
                ("--port", Self::Demo { port, .. } | Self::Serve { port }) => {
                    let number = rest.next().ok_or("`--port` expects a number")?;
                    *port = Some(
                        number
                            .parse()
                            .map_err(|_| format!("`--port` expects a number from 0 to 65535, found `{number}`"))?,
                    );
                }
                ("--prove", Self::Check { proofs, .. }) => *proofs = true,
                ("--seconds", Self::Fuzz { seconds, .. }) => {
                    let number = rest.next().ok_or("`--seconds` expects a number")?;
                    *seconds =
                        number.parse().map_err(|_| format!("`--seconds` expects a whole number, found `{number}`"))?;
                }
                (target, Self::Fuzz { targets, .. }) if !target.starts_with('-') => targets.push(target.to_owned()),
                (file, Self::Check { packs, .. }) if !file.starts_with('-') => packs.push(file.to_owned()),
                ("--no-serve", Self::Demo { serve, .. }) => *serve = false,
                ("--fast", Self::Test { fast }) => *fast = true,
                _ => return Err(format!("`{command}` does not take `{argument}`")),
            }
        }
        Ok(request)
    }

    fn run(self) -> Result<ExitCode> {
        match self {
            Self::Help => {
                print!("{HELP}");
                Ok(ExitCode::SUCCESS)
            }
            Self::Demo { port, serve } => demo::run(port, serve),
            Self::Test { fast } => Ok(test::run(fast)),
            Self::Build => Ok(build::run()),
            Self::Release => Ok(release::run()),
            Self::Serve { port } => serve::run(port),
            Self::Estimate { file } => estimate::estimate_file(Path::new(&file)).map(|()| ExitCode::SUCCESS),
            Self::Check { packs, proofs } => check::check(&packs, proofs).map(|()| ExitCode::SUCCESS),
            Self::Answers { folder } => packs::write_answers(Path::new(&folder)).map(|()| ExitCode::SUCCESS),
            Self::Coverage => coverage::run().map(|()| ExitCode::SUCCESS),
            Self::Fuzz { targets, seconds } => fuzz::run(&targets, seconds),
            Self::Mutants { more } => coverage::mutants(&more).map(|()| ExitCode::SUCCESS),
            Self::Decisions { folder } => packs::write_decisions(Path::new(&folder)).map(|()| ExitCode::SUCCESS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Request;

    fn parse(line: &str) -> Result<Request, String> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Request::parse(&arguments)
    }

    #[test]
    fn reads_commands_and_their_options() {
        assert_eq!(parse("demo"), Ok(Request::Demo { port: None, serve: true }));
        assert_eq!(parse("demo --no-serve --port 8080"), Ok(Request::Demo { port: Some(8080), serve: false }));
        assert_eq!(parse("test --fast"), Ok(Request::Test { fast: true }));
        assert_eq!(parse("build --help"), Ok(Request::Help));
        assert_eq!(parse("mutants --list"), Ok(Request::Mutants { more: vec!["--list".to_owned()] }));
        assert_eq!(parse("estimate claim.yaml"), Ok(Request::Estimate { file: "claim.yaml".to_owned() }));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert_eq!(parse(""), Err("a command is missing".to_owned()));
        assert!(parse("tset").unwrap_err().starts_with("unknown command `tset`; expected one of"));
        assert_eq!(parse("build --fast"), Err("`build` does not take `--fast`".to_owned()));
        assert_eq!(
            parse("serve --port 70000"),
            Err("`--port` expects a number from 0 to 65535, found `70000`".to_owned())
        );
        assert_eq!(parse("estimate"), Err("`estimate` expects a FILE".to_owned()));
    }
}
