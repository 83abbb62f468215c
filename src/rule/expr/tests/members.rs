//! Lists of which some items only may be part: what is answered all the same, and what is not.

use super::*;

/// `mixed` holds something unknown and `a`.
const UNTOLD: &str = "`item` cannot be told from the repository";

#[test]
fn a_count_decides_where_the_items_in_doubt_cannot_change_it() {
    true_and_false(
        &[
            "hit.value.mixed.filter(item, item == 'a').size() > 0",
            "size(hit.value.mixed.filter(item, item == 'a')) != 0",
            "0 < hit.value.mixed.filter(item, item == 'a').size()",
            "hit.value.mixed.filter(item, item == 'b').size() <= 1",
            "hit.value.mixed.filter(item, item == 'b').size() < hit.value.mixed.size()",
            "3 * hit.value.mixed.filter(item, item == 'a').size() >= hit.value.mixed.size()",
            "hit.value.mixed.filter(item, item == 'a').size() + 1 > 1",
            "hit.value.mixed.filter(item, item == 'a').map(item, [item]).size() >= 1",
            "hit.value.mixed.map(item, item == 'a', 1).size() >= 1",
            "hit.value.mixed.filter(item, item == 'a').filter(item, true).size() >= 1",
        ],
        &[
            "hit.value.mixed.filter(item, item == 'a').size() == 0",
            "hit.value.mixed.filter(item, item == 'a').size() > 2",
            "hit.value.mixed.filter(item, item == 'b').size() - 2 >= 0",
        ],
    );
    undecided(&[
        (
            "hit.value.mixed.filter(item, item == 'b').size() > 0",
            UNTOLD,
        ),
        (
            "hit.value.mixed.filter(item, item == 'a').size() == 1",
            UNTOLD,
        ),
        (
            "hit.value.mixed.filter(item, item == 'a').size() * 2 > 2",
            UNTOLD,
        ),
        ("hit.value.mixed.filter(item, item == 'a') == ['a']", UNTOLD),
        (
            "hit.value.mixed.filter(item, item == 'a')[0] == 'a'",
            UNTOLD,
        ),
        (
            "hit.value.image.filter(item, true).size() > 0",
            "`hit.value.image` cannot be told from the repository",
        ),
        (
            "hit.value.nothing.filter(item, true).size() > 0",
            "`hit.value.nothing` is missing",
        ),
    ]);
}

#[test]
fn an_item_in_doubt_matters_only_if_it_would_decide() {
    true_and_false(
        &[
            "hit.value.mixed.filter(item, item == 'a').exists(item, item == 'a')",
            "[1, 2].filter(x, x == 2 || hit.value.image == 'a').exists(x, x == 2)",
            "[1, 2].filter(x, x == 2 || hit.value.image == 'a').all(x, x < 3)",
            "[1, 1, 2].exists_one(x, x == 2 && hit.value.privileged)",
        ],
        &[
            "[1, 2].filter(x, x == 2 || hit.value.image == 'a').exists(x, x == 3)",
            "[1, 2].filter(x, x == 2 || hit.value.image == 'a').all(x, x == 1)",
            "[1, 1, 2].exists_one(x, x == 1 || hit.value.image == 'a')",
        ],
    );
    let why = "`hit.value.image` cannot be told from the repository";
    undecided(&[
        (
            "[1, 2].filter(x, x == 2 || hit.value.image == 'a').exists(x, x == 1)",
            why,
        ),
        (
            "[1, 2].filter(x, x == 2 || hit.value.image == 'a').all(x, x == 2)",
            why,
        ),
        (
            "[1, 2].exists_one(x, x == 1 || hit.value.image == 'a')",
            why,
        ),
    ]);
}

#[test]
fn items_that_fail_do_not_hide_those_that_decide() {
    true_and_false(
        &["[{'a': 1}, {'b': 1}].filter(x, x.a == 1).size() > 0"],
        &["[{'a': 1}, {'b': 1}].filter(x, x.a == 1).size() > 2"],
    );
    undecided(&[(
        "[{'a': 1}, {'b': 1}].filter(x, x.a == 1).size() == 1",
        "`x.a` is missing",
    )]);
}
