//! Parses the grammar of patterns (STIX 2.1 §9 and its ANTLR form) by recursive descent, with a
//! bound on depth.

use super::lex::{Escapes, Token, TokenKind, tokens};
use super::{
    Comparison, Literal, MAX_DEPTH, MAX_PATTERN_BYTES, Observation, Operation, Path, PathStep,
    Qualifier, Test,
};
use crate::Timestamp;

/// Why a text is not a pattern, or a pattern cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {why}")]
pub struct NotAPattern {
    /// The place of the error in characters, from 1. It is 1 when the error is not in the syntax.
    pub at: usize,
    /// What is wrong there, or what was expected.
    pub why: String,
}

/// Parses a whole pattern. Errs with the place when it is not one, is longer than
/// [`MAX_PATTERN_BYTES`], or is nested deeper than [`MAX_DEPTH`].
pub fn parse(pattern: &str) -> Result<Observation, NotAPattern> {
    parse_with(pattern, Escapes::Strict)
}

/// Parses a pattern as [`parse`] does, but takes a backslash before another character than a quote
/// or a backslash for itself. For reading what others have written, not for judging it.
pub fn parse_lenient(pattern: &str) -> Result<Observation, NotAPattern> {
    parse_with(pattern, Escapes::Kept)
}

fn parse_with(pattern: &str, escapes: Escapes) -> Result<Observation, NotAPattern> {
    let place = |byte: usize| pattern.get(..byte).map_or(0, |head| head.chars().count()) + 1;
    let error = |(byte, why): (usize, String)| NotAPattern { at: place(byte), why };
    if pattern.len() > MAX_PATTERN_BYTES {
        let why = format!("the pattern is longer than {MAX_PATTERN_BYTES} bytes");
        return Err(error((0, why)));
    }
    let tokens = tokens(pattern, escapes).map_err(error)?;
    let mut parser = Parser { tokens, next: 0, end: pattern.len(), depth: 0 };
    let observation = parser.followed_by().map_err(error)?;
    match parser.peek() {
        None => Ok(observation),
        Some(_) => Err(error(parser.expected("the end of the pattern"))),
    }
}

type Parsed<T> = Result<T, (usize, String)>;

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    /// Takes the next token out of the list. The parser cannot go back over it.
    fn take(&mut self) -> Option<TokenKind> {
        let token = self.tokens.get_mut(self.next)?;
        self.next += 1;
        Some(std::mem::replace(&mut token.kind, TokenKind::Sign("")))
    }

    fn take_if(&mut self, expected: impl Fn(&TokenKind) -> bool) -> Option<TokenKind> {
        if self.peek().is_some_and(expected) { self.take() } else { None }
    }

    /// The error that something else was expected at a token that has been taken.
    fn expected_at(&self, token: usize, what: &str) -> (usize, String) {
        let at = self.tokens.get(token).map_or(self.end, |token| token.at);
        (at, format!("expected {what}"))
    }

    /// The error that something else was expected here.
    fn expected(&self, what: &str) -> (usize, String) {
        self.expected_at(self.next, what)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(TokenKind::Word(found)) if found == word)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.next += usize::from(found);
        found
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(TokenKind::Sign(found)) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn require(&mut self, sign: &str) -> Parsed<()> {
        if self.eat(sign) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    fn require_word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word) { Ok(()) } else { Err(self.expected(word)) }
    }

    /// Parses something nested one level deeper. Input from partners must not decide how deep the
    /// stack grows.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.expected(&format!("nesting of at most {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let out = inner(self);
        self.depth -= 1;
        out
    }

    /// Parses one or more expressions joined by a word. FOLLOWEDBY binds loosest, then OR, then
    /// AND.
    fn joined<T>(
        &mut self,
        word: &str,
        one: impl Fn(&mut Self) -> Parsed<T>,
        many: impl Fn(Vec<T>) -> T,
    ) -> Parsed<T> {
        let first = one(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.eat_word(word) {
            all.push(one(self)?);
        }
        Ok(many(all))
    }

    fn followed_by(&mut self) -> Parsed<Observation> {
        let or = |parser: &mut Self| {
            let and = |parser: &mut Self| parser.joined("AND", Self::qualified, Observation::And);
            parser.joined("OR", and, Observation::Or)
        };
        self.joined("FOLLOWEDBY", or, Observation::FollowedBy)
    }

    fn qualified(&mut self) -> Parsed<Observation> {
        // §9.5.1: at most one qualifier of each kind. Outside of brackets there may be another.
        let bare = matches!(self.peek(), Some(TokenKind::Sign("[")));
        let mut observation = if self.eat("[") {
            let comparison = self.deeper(Self::comparison_or)?;
            self.require("]")?;
            Observation::Match(comparison)
        } else if self.eat("(") {
            let inner = self.deeper(Self::followed_by)?;
            self.require(")")?;
            inner
        } else {
            return Err(self.expected("`[` or `(`"));
        };
        let mut count = 0;
        let at = self.next;
        while let Some(qualifier) = self.qualifier()? {
            count += 1;
            if count > MAX_DEPTH {
                return Err(self.expected("fewer qualifiers"));
            }
            if bare && observation.has_qualifier(&qualifier) {
                self.next = at;
                return Err(
                    self.expected("at most one qualifier of a kind, or brackets around the first")
                );
            }
            observation = Observation::Qualified(Box::new(observation), qualifier);
        }
        Ok(observation)
    }

    fn qualifier(&mut self) -> Parsed<Option<Qualifier>> {
        if self.eat_word("REPEATS") {
            let times = match self.peek() {
                Some(TokenKind::Integer(n)) if *n >= 1 => n.unsigned_abs(),
                _ => return Err(self.expected("a number from 1")),
            };
            self.next += 1;
            self.require_word("TIMES")?;
            return Ok(Some(Qualifier::Repeats(times)));
        }
        if self.eat_word("WITHIN") {
            #[expect(clippy::cast_precision_loss, reason = "seconds of a window")]
            let seconds = match self.peek() {
                Some(TokenKind::Integer(n)) if *n > 0 => *n as f64,
                Some(TokenKind::Float(n)) if *n > 0.0 => *n,
                _ => return Err(self.expected("a number of seconds greater than 0")),
            };
            self.next += 1;
            self.require_word("SECONDS")?;
            return Ok(Some(Qualifier::Within(seconds)));
        }
        if self.eat_word("START") {
            let start = self.time()?;
            self.require_word("STOP")?;
            let stop = self.time()?;
            return Ok(Some(Qualifier::StartStop(start, stop)));
        }
        Ok(None)
    }

    fn time(&mut self) -> Parsed<Timestamp> {
        match self.peek() {
            Some(TokenKind::Tagged('t', text)) => {
                let time = Timestamp::parse(text);
                let time = time.map_err(|e| self.expected(&format!("a timestamp ({e})")))?;
                self.next += 1;
                Ok(time)
            }
            _ => Err(self.expected("a timestamp, t'…'")),
        }
    }

    fn comparison_or(&mut self) -> Parsed<Comparison> {
        let and = |parser: &mut Self| parser.joined("AND", Self::test, Comparison::And);
        self.joined("OR", and, Comparison::Or)
    }

    fn test(&mut self) -> Parsed<Comparison> {
        if self.eat("(") {
            let inner = self.deeper(Self::comparison_or)?;
            self.require(")")?;
            return Ok(inner);
        }
        let negated_before = self.eat_word("NOT");
        if self.eat_word("EXISTS") {
            let (path, operation) = (self.path()?, Operation::Exists);
            return Ok(Comparison::Test(Test { path, negated: negated_before, operation }));
        }
        if negated_before {
            return Err(self.expected("EXISTS"));
        }
        let path = self.path()?;
        let negated = self.eat_word("NOT");
        let operation = self.operation()?;
        Ok(Comparison::Test(Test { path, negated, operation }))
    }

    fn path(&mut self) -> Parsed<Path> {
        let Some(TokenKind::Word(object)) = self.take_if(|kind| matches!(kind, TokenKind::Word(_)))
        else {
            return Err(self.expected("an object path such as file:name"));
        };
        self.require(":")?;
        let mut steps = vec![self.key()?];
        loop {
            if steps.len() > MAX_DEPTH {
                return Err(self.expected(&format!("a path of at most {MAX_DEPTH} steps")));
            }
            if self.eat(".") {
                steps.push(self.key()?);
            } else if self.eat("[") {
                let step = match self.peek() {
                    Some(TokenKind::Integer(n)) if *n >= 0 => PathStep::Index(n.unsigned_abs()),
                    Some(TokenKind::Sign("*")) => PathStep::Any,
                    _ => return Err(self.expected("an index or `*`")),
                };
                self.next += 1;
                self.require("]")?;
                steps.push(step);
            } else {
                return Ok(Path { object, steps });
            }
        }
    }

    fn key(&mut self) -> Parsed<PathStep> {
        let is_key = |kind: &TokenKind| match kind {
            TokenKind::Word(word) => !word.contains('-'),
            kind => matches!(kind, TokenKind::Text(_)),
        };
        match self.take_if(is_key) {
            Some(TokenKind::Word(key) | TokenKind::Text(key)) => Ok(PathStep::Key(key)),
            _ => Err(self.expected("a property's name, in quotes when it has hyphens")),
        }
    }

    fn operation(&mut self) -> Parsed<Operation> {
        let at = self.next;
        match self.take() {
            Some(TokenKind::Sign("=" | "==")) => self.literal().map(Operation::Equal),
            Some(TokenKind::Sign("!=" | "<>")) => self.literal().map(Operation::NotEqual),
            Some(TokenKind::Sign("<")) => self.ordered().map(Operation::Less),
            Some(TokenKind::Sign("<=")) => self.ordered().map(Operation::LessOrEqual),
            Some(TokenKind::Sign(">")) => self.ordered().map(Operation::Greater),
            Some(TokenKind::Sign(">=")) => self.ordered().map(Operation::GreaterOrEqual),
            Some(TokenKind::Word(word)) => match word.as_str() {
                "IN" => self.set().map(Operation::In),
                "LIKE" => self.text().map(Operation::Like),
                "MATCHES" => self.text().map(Operation::Matches),
                "ISSUBSET" => self.text().map(Operation::IsSubset),
                "ISSUPERSET" => self.text().map(Operation::IsSuperset),
                _ => Err(self.expected_at(at, "a comparison operator")),
            },
            _ => Err(self.expected_at(at, "a comparison operator")),
        }
    }

    /// Parses a set, whose constants must be of one type (§9.6.1).
    fn set(&mut self) -> Parsed<Vec<Literal>> {
        let at = self.next;
        self.require("(")?;
        let mut all = Vec::new();
        while all.is_empty() || !self.eat(")") {
            if all.is_empty() && self.eat(")") {
                break;
            }
            if !all.is_empty() {
                self.require(",")?;
            }
            all.push(self.literal()?);
        }
        let kinds = |literal: &Literal| match literal {
            Literal::Text(_) => 0,
            Literal::Integer(_) | Literal::Float(_) => 1,
            Literal::Bool(_) => 2,
            Literal::Hex(_) | Literal::Binary(_) => 3,
            Literal::Time(_) => 4,
        };
        if all.windows(2).any(|pair| matches!(pair, [a, b] if kinds(a) != kinds(b))) {
            self.next = at;
            return Err(self.expected("a set of constants of one type"));
        }
        Ok(all)
    }

    fn text(&mut self) -> Parsed<String> {
        let at = self.next;
        match self.take() {
            Some(TokenKind::Text(text)) => Ok(text),
            _ => Err(self.expected_at(at, "a text in quotes")),
        }
    }

    /// Parses a constant that has an order: any but `true` and `false`.
    fn ordered(&mut self) -> Parsed<Literal> {
        let at = self.next;
        match self.literal()? {
            Literal::Bool(_) => Err(self.expected_at(at, "a constant that has an order")),
            literal => Ok(literal),
        }
    }

    fn literal(&mut self) -> Parsed<Literal> {
        let at = self.next;
        if matches!(self.peek(), Some(TokenKind::Tagged('t', _))) {
            return self.time().map(Literal::Time);
        }
        match self.take() {
            Some(TokenKind::Text(text)) => Ok(Literal::Text(text)),
            Some(TokenKind::Integer(n)) => Ok(Literal::Integer(n)),
            Some(TokenKind::Float(n)) => Ok(Literal::Float(n)),
            Some(TokenKind::Word(word)) if word == "true" => Ok(Literal::Bool(true)),
            Some(TokenKind::Word(word)) if word == "false" => Ok(Literal::Bool(false)),
            Some(TokenKind::Tagged('h', text)) if is_hex(&text) => Ok(Literal::Hex(text)),
            Some(TokenKind::Tagged('b', text)) if is_base64(&text) => Ok(Literal::Binary(text)),
            _ => Err(self.expected_at(at, "a constant")),
        }
    }
}

fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_base64(text: &str) -> bool {
    super::constant::unbase64(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_form_of_the_language_is_parsed() {
        for pattern in [
            "[file:name = 'a']",
            "[file:size > 10 AND file:size <= 20.5 OR file:name != 'x']",
            "[x-usb:blocks[*].'a-b'.c[0] IN (1, 2.5) AND x-usb:a IN (h'ff', b'dGV4dA==')]",
            "[a:b LIKE '%x_' AND a:c MATCHES '^a+$' AND a:d NOT ISSUBSET '198.51.100.0/24' AND a:e ISSUPERSET '::/0']",
            "[EXISTS a:b AND NOT EXISTS a:c]",
            "([a:b = 1] AND [c:d = 2]) OR [e:f = 3] FOLLOWEDBY [g:h = 4] REPEATS 5 TIMES WITHIN 1.5 SECONDS",
            "[a:b > t'2017-12-15T09:30:00Z'] START t'2017-12-15T09:30:00Z' STOP t'2017-12-16T09:30:00Z'",
            r"[a:'it\'s' = 'back\\slash']",
            "[ (a:b=1 OR a:c=2) AND a:d=3 ]",
        ] {
            assert!(parse(pattern).is_ok(), "{pattern}: {:?}", parse(pattern));
        }
    }

    #[test]
    fn a_backslash_that_escapes_nothing_is_an_error_or_itself() {
        let pattern = r"[url:value MATCHES 'acme\.example\'s' AND url:value = 'a\\b']";
        assert!(parse(pattern).is_err());
        let read = parse_lenient(pattern).unwrap().to_string();
        assert_eq!(read, r"[url:value MATCHES 'acme\\.example\'s' AND url:value = 'a\\b']");
        assert!(parse_lenient(r"[a:b = 'c\").is_err());
    }

    #[test]
    fn and_binds_closer_than_or_and_or_than_followedby() {
        let Observation::FollowedBy(list) =
            parse("[a:b=1] AND [a:b=2] OR [a:b=3] FOLLOWEDBY [a:b=4]").unwrap()
        else {
            panic!("FOLLOWEDBY is the loosest")
        };
        let [Observation::Or(or), Observation::Match(_)] = list.as_slice() else {
            panic!("{list:?}")
        };
        assert!(matches!(or.as_slice(), [Observation::And(_), Observation::Match(_)]));
    }

    #[test]
    fn an_error_says_where_and_what_was_expected() {
        for (pattern, at, words) in [
            ("", 1, "`[` or `(`"),
            ("[file:name = 'a'", 17, "`]`"),
            ("[file = 'a']", 7, "`:`"),
            ("[file:name 'a']", 12, "operator"),
            ("[file:name = 'a]", 14, "does not end"),
            ("[a:b = 1] REPEATS 0 TIMES", 19, "from 1"),
            ("[a:b = 1] x", 11, "end of the pattern"),
            (
                "[a:b = 1] START '2018-01-01T00:00:00Z' STOP t'2019-01-01T00:00:00Z'",
                17,
                "timestamp",
            ),
            ("[a:b IN (1, 2.5, 'x')]", 9, "one type"),
            ("[a:b = 1] WITHIN 5 SECONDS WITHIN 6 SECONDS", 11, "one qualifier"),
            ("[a:b = 007]", 8, "not a valid number"),
            ("[a:b = 9007199254740992]", 8, "not a valid number"),
            ("[a:b-c = 1]", 4, "in quotes"),
            ("[é:b = 1]", 2, "not allowed"),
            ("[a:b > true]", 8, "order"),
        ] {
            let error = parse(pattern).unwrap_err();
            assert!(error.why.contains(words), "{pattern}: {error}");
            assert_eq!(error.at, at, "{pattern}: {error}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}[a:b=1]{}", "(".repeat(10_000), ")".repeat(10_000));
        assert!(parse(&deep).unwrap_err().why.contains("64 levels"));
        let many = format!("[a:b=1]{}", " REPEATS 2 TIMES".repeat(100));
        assert!(parse(&many).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[\\[\\]()'a-z:.=<>!* 0-9\\\\-]{0,60}|.{0,40}") {
            let _ = parse(&text);
        }
    }
}
