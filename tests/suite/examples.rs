//! Every rule and every fact against its own examples.

use crate::world::RULES;
use preop::examples::{run_fact, run_rule};
use rayon::prelude::*;

#[test]
fn every_rule_proves_itself_in_both_directions() {
    let wrong: Vec<String> = RULES
        .rules
        .par_iter()
        .flat_map(|rule| rule.examples.par_iter().map(move |example| (rule, example)))
        .filter_map(|(rule, example)| {
            let verdict = run_rule(&RULES, rule, example);
            (!verdict.holds())
                .then(|| format!("{}: {}: {verdict}", rule.card.name, example.name.value))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fact_is_seen_in_its_examples() {
    let wrong: Vec<String> = RULES
        .facts
        .par_iter()
        .flat_map(|fact| fact.examples.par_iter().map(move |example| (fact, example)))
        .filter_map(|(fact, example)| {
            let verdict = run_fact(&RULES, fact, example);
            (!verdict.holds()).then(|| format!("{}: {}: {verdict}", fact.name, example.name.value))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let without: Vec<&str> = RULES
        .facts
        .iter()
        .filter(|fact| fact.examples.is_empty())
        .map(|fact| fact.name.as_str())
        .collect();
    assert!(
        without.is_empty(),
        "facts without an example: {}",
        without.join(", ")
    );
}
