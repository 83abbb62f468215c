//! Reads the templates of charts again, once it is known what the chart tells them.

use super::{Scanner, finish};
use crate::model::FileHits;
use crate::syntax::{Chart, Contexts};

impl Scanner<'_> {
    /// Replaces what documents say in a template by what they say with the values of its chart. What
    /// was found in its text stays.
    pub fn read_with(&self, chart: &Chart, file: &mut FileHits) {
        let Some(template) = file.template.take() else {
            return;
        };
        let matched = self.rules.globs.matches(file.file.path.as_str());
        let mut out = FileHits::empty(file.file.clone());
        let mut raws = Vec::new();
        let text = &*template.text;
        let done = self
            .data
            .read_with(chart, text, &matched, &mut out, &mut raws);
        let bytes = text.as_bytes();
        let contexts = Contexts::of(&file.file.path, file.file.language, bytes);
        finish(bytes, &contexts, raws, template.masks, &mut out);
        file.hits.retain(|(id, _)| !done.contains(id));
        file.hits.append(&mut out.hits);
        file.hits.sort_by_key(|(id, hit)| (*id, hit.location.span));
        for skipped in out.skipped {
            if !file.skipped.contains(&skipped) {
                file.skipped.push(skipped);
            }
        }
        file.secrets.append(&mut out.secrets);
    }
}
