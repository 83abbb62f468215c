//! How to go back: steps from what the repository says about deployment and data.
//!
//! Commands are templates with placeholders. No step that destroys anything stands without the
//! backup before it.

use super::doc::{Doc, code};
use super::{Audit, facts, numbers};
use crate::model::Issue;
use crate::render::words;
use std::collections::BTreeMap;

/// How to go back on each platform: what it is called, and the steps.
const PLATFORMS: [(&str, &str, &[&str]); 10] = [
    (
        "cloud-run",
        "Cloud Run",
        &[
            "list revisions: `gcloud run revisions list --service SERVICE --region REGION`",
            "send all traffic to the last good one: `gcloud run services update-traffic SERVICE --region REGION --to-revisions REVISION=100`",
        ],
    ),
    (
        "kubernetes",
        "Kubernetes",
        &[
            "look at the history: `kubectl rollout history deployment/NAME -n NAMESPACE`",
            "go back: `kubectl rollout undo deployment/NAME -n NAMESPACE --to-revision=N`, then `kubectl rollout status deployment/NAME -n NAMESPACE`",
        ],
    ),
    (
        "helm",
        "Helm",
        &[
            "look at the history: `helm history RELEASE -n NAMESPACE`",
            "go back: `helm rollback RELEASE REVISION -n NAMESPACE --wait`",
        ],
    ),
    (
        "ecs",
        "ECS",
        &[
            "go back to the last good task definition: `aws ecs update-service --cluster CLUSTER --service SERVICE --task-definition FAMILY:REVISION`",
        ],
    ),
    (
        "azure",
        "Azure",
        &[
            "swap the slots back: `az webapp deployment slot swap -g GROUP -n APP --slot production --target-slot staging`; for Container Apps: `az containerapp ingress traffic set -g GROUP -n APP --revision-weight REVISION=100`",
        ],
    ),
    (
        "render",
        "Render",
        &[
            "in the dashboard, choose the last good deployment of the service and *Rollback*; turn off automatic deployment meanwhile",
        ],
    ),
    (
        "vercel",
        "Vercel",
        &["go back: `vercel rollback DEPLOYMENT_URL`"],
    ),
    (
        "fly",
        "Fly",
        &[
            "look at the releases: `fly releases --image -a APP`",
            "deploy the last good image: `fly deploy -a APP --image IMAGE`",
        ],
    ),
    (
        "heroku",
        "Heroku",
        &[
            "look at the releases: `heroku releases -a APP`, and go back: `heroku rollback vN -a APP`",
        ],
    ),
    (
        "compose",
        "Compose",
        &[
            "check out the last good version: `git checkout TAG`",
            "build and start it: `docker compose up --build --detach --wait`",
        ],
    ),
];

/// How to bring data back, by client: the backup first, always.
const DATA: [(&[&str], &str, &[&str]); 5] = [
    (
        &[
            "pg",
            "postgres-js",
            "asyncpg",
            "psycopg",
            "prisma",
            "sqlalchemy",
            "sequelize",
            "typeorm",
            "drizzle",
            "knex",
        ],
        "PostgreSQL or another SQL server",
        &[
            "back up what is there: `pg_dump --format=custom --file=BEFORE.dump DATABASE_URL`",
            "restore into a new database: `pg_restore --dbname=NEW_DATABASE_URL LAST_GOOD.dump`; check row counts, then point the service at it",
            "undo a migration only with its reviewed down step; otherwise roll forward",
        ],
    ),
    (
        &["supabase"],
        "Supabase",
        &[
            "back up what is there: `supabase db dump --file BEFORE.sql`",
            "restore to a point in time in the dashboard, into a new project where possible, and check row counts",
        ],
    ),
    (
        &["sqlite", "duckdb"],
        "Embedded database",
        &[
            "stop the service, and back up what is there: `cp DATABASE DATABASE.before`",
            "put the last good copy in its place, check it, and start the service",
        ],
    ),
    (
        &["mongodb", "mongoose"],
        "MongoDB",
        &[
            "back up what is there: `mongodump --uri URI --out BEFORE`",
            "restore into a new database: `mongorestore --uri URI --nsFrom 'DB.*' --nsTo 'DB_RESTORED.*' LAST_GOOD`, check counts, then switch",
        ],
    ),
    (
        &["mysql"],
        "MySQL",
        &[
            "back up what is there: `mysqldump --single-transaction DATABASE > BEFORE.sql`",
            "restore into a new database, check row counts, then switch",
        ],
    ),
];

pub(super) fn section(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Rollback");
    let missing: Vec<&Issue<'_>> = audit
        .issues
        .iter()
        .filter(|issue| issue.rule == "ops-rollback-missing")
        .collect();
    if !missing.is_empty() {
        doc.paragraph(&format!(
            "> **No rollback procedure was found in the repository** ({}). What follows is a start, not a \
             tried procedure: rehearse it in staging.",
            numbers(missing)
        ));
    }
    quick(doc, audit);
    data(doc, audit);
    doc.paragraph(
        "After every rollback: the health and readiness endpoints answer, the error rate is back, a clinician \
         confirms one patient's record, and the incident is written down.",
    );
}

fn quick(doc: &mut Doc, audit: &Audit<'_>) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for fact in facts::of(audit, "deployment") {
        let place = words::short_place(&fact.hit.location);
        seen.entry(facts::attribute(fact, "how")).or_insert(place);
    }
    doc.heading(3, "Quick rollback");
    // Compose next to a platform is how developers run it, and not what serves patients.
    let hosted = seen.keys().any(|how| how != "compose");
    let mut none = true;
    for (how, name, steps) in PLATFORMS {
        let Some(place) = seen.get(how).filter(|_| how != "compose" || !hosted) else {
            continue;
        };
        none = false;
        doc.paragraph(&format!("**{name}** ({}):", code(place)));
        doc.steps(steps);
    }
    if none {
        doc.paragraph("No deployment was recognised. With git alone:");
        doc.steps(&[
            "revert on the main branch: `git revert --no-edit BAD_COMMIT`, and push",
            "let the pipeline build and deploy the result as any other change",
        ]);
    }
}

fn data(doc: &mut Doc, audit: &Audit<'_>) {
    let clients = facts::words(facts::of(audit, "db-client"), "client");
    let stores: Vec<_> = DATA
        .iter()
        .filter(|(names, ..)| names.iter().any(|name| clients.contains(*name)))
        .collect();
    doc.heading(3, "Data rollback");
    if stores.is_empty() {
        doc.paragraph("Left out: no database client was recognised.");
        return;
    }
    doc.paragraph("Stop writes first. Data of patients written after the backup is lost unless it is carried over by hand.");
    for (_, name, steps) in stores {
        doc.paragraph(&format!("**{name}:**"));
        doc.steps(steps);
    }
}
