//! How a command fails: said on standard error, told by the exit status.

use forewarn_view::text;
use std::fmt;
use std::process::ExitCode;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failed {
    kind: Kind,
    message: String,
    /// Lines that are laid out for the terminal already.
    excerpt: Option<String>,
    hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Refused, or not valid.
    Refused,
    /// Called wrongly.
    Usage,
    /// Could not reach the node, or something inside failed.
    Internal,
}

impl Failed {
    pub(crate) fn refused(message: impl Into<String>) -> Failed {
        Failed { kind: Kind::Refused, message: message.into(), excerpt: None, hint: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Failed {
        Failed { kind: Kind::Usage, message: message.into(), excerpt: None, hint: None }
    }

    pub(crate) fn internal(message: impl Into<String>) -> Failed {
        Failed { kind: Kind::Internal, message: message.into(), excerpt: None, hint: None }
    }

    /// The same, as something that could not be found out: 1 is an answer here.
    pub(crate) fn not_found_out(self) -> Failed {
        Failed { kind: Kind::Internal, ..self }
    }

    /// Whether the node has refused it.
    pub(crate) fn is_refusal(&self) -> bool {
        self.kind == Kind::Refused
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failed {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the lines that it is about, as they are to be printed.
    pub(crate) fn excerpt(self, lines: String) -> Failed {
        Failed { excerpt: Some(lines), ..self }
    }

    /// Names the file that it is about.
    pub(crate) fn about(self, path: &std::path::Path) -> Failed {
        Failed { message: format!("`{}`: {}", path.display(), self.message), ..self }
    }

    pub(crate) fn status(&self) -> ExitCode {
        ExitCode::from(self.exit_status())
    }

    /// 1 for what was refused, 2 for a wrong call, 3 for what could not be reached or failed inside.
    pub(crate) fn exit_status(&self) -> u8 {
        match self.kind {
            Kind::Refused => 1,
            Kind::Usage => 2,
            Kind::Internal => 3,
        }
    }
}

/// The message may quote what others wrote: it is put into words as foreign text is.
impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.message.is_empty() {
            write!(f, "forewarn: {}", text::block(&self.message))?;
        }
        if let Some(lines) = &self.excerpt {
            write!(f, "\n{lines}")?;
        }
        let hint = self.hint.as_deref().map(text::block);
        hint.map_or(Ok(()), |hint| write!(f, "\n  hint: {hint}"))
    }
}
