//! Whether a view of Django is one of REST framework: what that asks for by default holds for its own alone.

use super::Asked;
use super::guards::{Guards, Posted};
use super::handlers::Subject;
use super::read::vague;
use super::verdict::Guard;
use crate::model::{Fact, Value};

/// Classes are followed to those they inherit from this far.
const DEPTH: usize = 6;

/// View classes of Django itself.
const PLAIN: &[&str] = &[
    "View",
    "TemplateView",
    "RedirectView",
    "ListView",
    "DetailView",
    "FormView",
    "CreateView",
    "UpdateView",
    "DeleteView",
    "ArchiveIndexView",
    "YearArchiveView",
    "MonthArchiveView",
    "WeekArchiveView",
    "DayArchiveView",
    "TodayArchiveView",
    "DateDetailView",
    "WizardView",
    "SessionWizardView",
    "CookieWizardView",
    "NamedUrlSessionWizardView",
    "LoginView",
    "LogoutView",
    "PasswordChangeView",
    "PasswordChangeDoneView",
    "PasswordResetView",
    "PasswordResetDoneView",
    "PasswordResetConfirmView",
    "PasswordResetCompleteView",
];

/// The package of REST framework.
const REST: &str = "rest_framework";

/// What a view is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    /// A view of Django itself.
    Plain,
    /// It may be either.
    Unsure,
    /// One of REST framework, as far as is known.
    Rest,
}

/// The name of a function view of Django itself, and whether it is certain that it is one.
pub(super) fn plain(fact: &Fact) -> Option<(&str, bool)> {
    let certain = fact.attributes.get("certain") != Some(&Value::Bool(false));
    Some((fact.text("name")?, certain))
}

impl<'a> Guards<'_, 'a> {
    /// A guard that holds for the views of one of the two alone, as far as it holds for these.
    pub(super) fn for_views(
        &self,
        posted: &Posted<'_>,
        asked: &Asked<'_, 'a>,
        subjects: &[Subject<'a>],
    ) -> Option<Guard> {
        let guard = || posted.guard.clone();
        let wanted = match posted.fact.text("views") {
            Some("rest") => View::Rest,
            Some("plain") => View::Plain,
            _ => return Some(guard()),
        };
        let views = subjects.iter().map(|subject| self.view(asked, subject));
        let views: Vec<View> = views.collect();
        if views.contains(&View::Unsure) {
            return Some(vague(guard()));
        }
        let own = views.iter().all(|view| *view == wanted);
        let lost = views.is_empty();
        match wanted {
            // A middleware runs for every view; those of REST framework take themselves out since 3.16.
            View::Plain => Some(if own { guard() } else { vague(guard()) }),
            _ => (own && !lost).then(guard),
        }
    }

    fn view(&self, asked: &Asked<'_, 'a>, subject: &Subject<'a>) -> View {
        let name = subject.function.as_str();
        let known = self.homes.contains_key(name) || PLAIN.contains(&name);
        let class = name.starts_with(char::is_uppercase);
        if subject.file == asked.file && class && !known {
            // A view of a package, which says itself what it asks for.
            return View::Unsure;
        }
        if let Some(certain) = self.plain.get(&(subject.file, name)) {
            return if *certain { View::Plain } else { View::Unsure };
        }
        let (mut plain, mut rest, mut bases) = (false, false, false);
        let mut wanted = vec![(subject.file, name)];
        for _ in 0..DEPTH {
            let mut further = Vec::new();
            for (file, class) in wanted {
                plain |= PLAIN.contains(&class);
                if is_rest(class) {
                    return View::Rest;
                }
                rest |= self.imports(file, REST);
                further.extend(self.inherited(file, class));
            }
            bases |= !further.is_empty();
            wanted = further;
        }
        match (plain, rest, bases) {
            (true, _, _) | (_, false, false) => View::Plain,
            (_, true, _) => View::Rest,
            _ => View::Unsure,
        }
    }

    /// What a class inherits from, in the files that may hold it; in its own if none does.
    fn inherited<'s>(&'s self, file: &'s str, class: &str) -> Vec<(&'s str, &'s str)> {
        let own = self.bases.get(class).into_iter().flatten();
        let own = own.filter(|(path, base)| *path == file && *base != class);
        let mut found = Vec::new();
        for (_, base) in own {
            match self.homes.get(base) {
                Some(homes) => found.extend(homes.iter().map(|home| (*home, *base))),
                None => found.push((file, *base)),
            }
        }
        found
    }
}

/// Is it what view classes of REST framework are called?
fn is_rest(class: &str) -> bool {
    let lower = class.to_ascii_lowercase();
    lower.ends_with("apiview") || lower.ends_with("viewset")
}
