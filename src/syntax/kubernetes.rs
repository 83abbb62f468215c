//! Lists of Kubernetes objects: `kind: List`, and what `kubectl get -o yaml` writes. Each item is
//! an object, so each is read as a document of its own.

use super::{Document, NodeId, NodeKind};

/// Lists inside lists.
const DEPTH: u32 = 8;

/// Puts the items of lists in the place of the documents that hold them.
pub(super) fn open_lists(document: &mut Document) {
    for _ in 0..DEPTH {
        if !document
            .roots
            .iter()
            .any(|root| items(document, *root).is_some())
        {
            return;
        }
        let roots = document.roots.iter();
        document.roots = roots
            .flat_map(|root| items(document, *root).unwrap_or_else(|| vec![*root]))
            .collect();
    }
}

/// The items of a list; nothing for any other object, or where a template adds items.
fn items(document: &Document, root: NodeId) -> Option<Vec<NodeId>> {
    let (_, kind) = document.entry(root, "kind")?;
    if !document.text(kind)?.ends_with("List") {
        return None;
    }
    let items = document.resolve(document.entry(root, "items")?.1)?;
    if document.open.contains(&items) {
        return None;
    }
    let NodeKind::List(items) = &document.node(items)?.kind else {
        return None;
    };
    Some(
        items
            .iter()
            .filter_map(|item| document.resolve(*item))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use crate::model::RepoPath;
    use crate::syntax::{Format, Selector, parse};

    fn names(text: &str) -> Vec<(String, usize)> {
        let path = RepoPath::new("k8s/all.yaml").unwrap();
        let document = parse(Format::Kubernetes, &path, text).unwrap();
        let hits = Selector::compile("$.metadata.name")
            .unwrap()
            .select(&document);
        let line = |at: u32| text.get(..at as usize).unwrap().matches('\n').count() + 1;
        hits.iter()
            .map(|hit| {
                let name = document.value(hit.node, 10).display();
                (name, line(hit.hit_span(&document).start))
            })
            .collect()
    }

    #[test]
    fn items_are_documents_with_their_own_lines() {
        let text = "\
apiVersion: v1
kind: List
items:
- kind: Pod
  metadata: {name: a}
- kind: DeploymentList
  items:
  - kind: Deployment
    metadata:
      name: b
---
kind: Pod
metadata: {name: c}
";
        let want = [("a", 5), ("b", 10), ("c", 13)];
        assert_eq!(
            names(text),
            want.map(|(name, line)| (name.to_owned(), line))
        );
    }

    #[test]
    fn what_is_no_list_stays() {
        for text in [
            "kind: List\nmetadata: {name: x}\n",
            "kind: PriceList\nitems: 3\nmetadata: {name: x}\n",
            "kind: Pod\nitems: []\nmetadata: {name: x}\n",
        ] {
            assert_eq!(names(text).len(), 1, "{text}");
        }
    }
}
