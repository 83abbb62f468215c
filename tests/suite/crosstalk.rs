//! Every rule on the good and bad examples of every other rule: one table, so that a new rule
//! shows its whole footprint as a diff of one file.

use crate::world::{RULES, stored};
use preop::examples::findings;
use rayon::prelude::*;
use std::fmt::Write;

#[test]
fn the_footprint_of_every_rule_is_reviewed() {
    let rows: Vec<String> = RULES
        .rules
        .par_iter()
        .flat_map(|rule| rule.examples.par_iter().map(move |example| (rule, example)))
        .flat_map_iter(|(owner, example)| {
            let found = findings(&RULES, example).expect("examples can be run");
            let mut others: Vec<String> = found
                .into_iter()
                // What an absence rule says of a repository of two files tells nothing.
                .filter(|(rule, _, absence)| *rule != owner.card.name && !absence)
                .map(|(rule, place, _)| {
                    format!(
                        "{} / {}: {rule} at {place}",
                        owner.card.name, example.name.value
                    )
                })
                .collect();
            others.sort();
            others.dedup();
            others
        })
        .collect();
    let mut table = String::new();
    for row in rows {
        writeln!(table, "{row}").expect("a string takes all");
    }
    stored("tests/suite/snapshots/crosstalk.txt", &table);
}
