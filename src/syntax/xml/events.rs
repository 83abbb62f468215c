//! Tags and text of an XML file, in order.

use crate::model::Span;

/// A start tag.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) place: Span,
    pub(super) attributes: Vec<Attribute>,
    /// `<a/>`: no end tag follows.
    pub(super) closed: bool,
}

/// `name="value"`; the place of the value is inside the quotes.
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) name_span: Span,
    pub(super) value: String,
    pub(super) value_span: Span,
}

pub(super) enum Event {
    Open(Tag, Span),
    Close(String, Span),
    /// Text that is not blank, entities replaced.
    Text(String, Span),
}

/// The byte where the text stops being XML.
pub(super) struct Fault(pub(super) usize);

pub(super) struct Events<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Events<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The next event; `None` at the end. Comments, processing instructions and document types
    /// are passed over.
    pub(super) fn next(&mut self) -> Result<Option<Event>, Fault> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return Ok(None);
            }
            let start = self.at;
            if !rest.starts_with('<') {
                let length = rest.find('<').unwrap_or(rest.len());
                let text = rest.get(..length).unwrap_or_default();
                self.at += length;
                if let Some(event) = text_event(text, start, decode(text)) {
                    return Ok(Some(event));
                }
            } else if rest.starts_with("<!--") {
                self.skip("<!--", "-->")?;
            } else if rest.starts_with("<![CDATA[") {
                let text = self.skip("<![CDATA[", "]]>")?;
                if let Some(event) = text_event(text, start + 9, text.to_owned()) {
                    return Ok(Some(event));
                }
            } else if rest.starts_with("<?") {
                self.skip("<?", "?>")?;
            } else if rest.starts_with("<!") {
                self.skip_doctype()?;
            } else if rest.starts_with("</") {
                let name = self.skip("</", ">")?.trim_end().to_owned();
                return Ok(Some(Event::Close(name, Span::new(start, self.at))));
            } else {
                let tag = self.tag()?;
                return Ok(Some(Event::Open(tag, Span::new(start, self.at))));
            }
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Moves behind `close` and returns what stands before it.
    fn skip(&mut self, open: &str, close: &str) -> Result<&'t str, Fault> {
        let inside = self.rest().get(open.len()..).unwrap_or_default();
        let length = inside.find(close).ok_or(Fault(self.at))?;
        self.at += open.len() + length + close.len();
        Ok(inside.get(..length).unwrap_or_default())
    }

    /// A document type, with an internal subset or without. Nothing in it is used.
    fn skip_doctype(&mut self) -> Result<(), Fault> {
        let mut depth = 0u32;
        let mut quote = None;
        for (offset, byte) in self.rest().bytes().enumerate() {
            match (quote, byte) {
                (Some(open), byte) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'<' | b'[') => depth += 1,
                (None, b']') => depth = depth.saturating_sub(1),
                (None, b'>') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.at += offset + 1;
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        Err(Fault(self.at))
    }

    fn name(&mut self) -> Result<(String, Span), Fault> {
        let rest = self.rest();
        let end = |c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=' | '<' | '"' | '\'');
        let length = rest.find(end).unwrap_or(rest.len());
        if length == 0 {
            return Err(Fault(self.at));
        }
        let span = Span::new(self.at, self.at + length);
        self.at += length;
        Ok((rest.get(..length).unwrap_or_default().to_owned(), span))
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    fn tag(&mut self) -> Result<Tag, Fault> {
        self.at += 1;
        let (name, place) = self.name()?;
        let mut tag = Tag {
            name,
            place,
            attributes: Vec::new(),
            closed: false,
        };
        loop {
            self.blanks();
            if self.eat(">") {
                return Ok(tag);
            }
            if self.eat("/>") {
                tag.closed = true;
                return Ok(tag);
            }
            tag.attributes.push(self.attribute()?);
        }
    }

    fn attribute(&mut self) -> Result<Attribute, Fault> {
        let (name, name_span) = self.name()?;
        self.blanks();
        if !self.eat("=") {
            return Err(Fault(self.at));
        }
        self.blanks();
        let quote = if self.eat("\"") { '"' } else { '\'' };
        if quote == '\'' && !self.eat("'") {
            return Err(Fault(self.at));
        }
        let rest = self.rest();
        let length = rest.find(quote).ok_or(Fault(self.at))?;
        let value = rest.get(..length).unwrap_or_default();
        let value_span = Span::new(self.at, self.at + length);
        self.at += length + 1;
        Ok(Attribute {
            name,
            name_span,
            value: decode(value),
            value_span,
        })
    }
}

fn text_event(text: &str, start: usize, decoded: String) -> Option<Event> {
    let trimmed = text.trim();
    let start = start + (text.len() - text.trim_start().len());
    (!trimmed.is_empty()).then(|| Event::Text(decoded, Span::new(start, start + trimmed.len())))
}

/// Replaces character references and the five entities of the standard; others stay as they are.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        // References are short; a lone `&` must not search the whole text.
        let name = rest
            .bytes()
            .take(12)
            .position(|byte| byte == b';')
            .and_then(|end| rest.get(..end));
        match name.and_then(|name| reference(name).map(|c| (c, name.len()))) {
            Some((c, length)) => {
                out.push(c);
                rest = rest.get(length + 1..).unwrap_or_default();
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    let code = |digits, radix| {
        u32::from_str_radix(digits, radix)
            .ok()
            .and_then(char::from_u32)
    };
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
            Some(digits) => code(digits, 16),
            None => code(name.strip_prefix('#')?, 10),
        },
    }
}
