//! Passwords that everybody tries first, and how surprising a text is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Shannon entropy in bits per character; 0 for the empty text.
pub fn entropy(value: &str) -> f64 {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for character in value.chars() {
        *counts.entry(character).or_default() += 1;
    }
    let total = f64::from(counts.values().sum::<u32>());
    let bits = |count: u32| {
        let share = f64::from(count) / total;
        -share * share.log2()
    };
    counts.into_values().map(bits).sum()
}

/// Is the value on the list of default and most common passwords? Case does not matter.
pub fn common_password(value: &str) -> bool {
    static SET: LazyLock<BTreeSet<&str>> = LazyLock::new(|| COMMON.split_whitespace().collect());
    SET.contains(value.trim().to_lowercase().as_str())
}

/// Default passwords of servers, brokers and health software, and the most used passwords.
const COMMON: &str = "
000000 111111 11111111 112233 121212 123123 123321 1234 12345 123456 1234567 12345678 123456789
1234567890 123qwe 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 222222 555555 654321 666666 696969 7777777
888888 987654321 a1b2c3 abc123 abcd1234 access activemq admin admin1 admin1! admin12 admin123
admin123! admin1234 admin12345 admin123456 admin@123 adminadmin administrator adminpass
adminpassword airflow ambari amqp apache app arangodb artemis asdf asdf1234 asdfgh asdfghjkl
axelor azerty backup baseball bitnami cassandra changeit changeme changeme! changeme1 changeme123
changethis cisco citus clickhouse cloudera cluster collector couchbase couchdb dba db dbpass
dbpassword dbuser dcm4chee debezium default demo demo123 dev develop developer development django
dragon druid elastic elasticsearch elasticadmin emqx ehr fhir flower football freedom ftp gitea
gitlab grafana graylog guest guest123 hadoop hapi hapifhir hasura health healthcare hello hello123
hospital iloveyou influxdb jboss jenkins joomla kafka keycloak keycloak123 kibana kong laravel
letmein letmein1 letmein! login loki lovely magento manager mariadb master metabase minio minio123
minioadmin minio-secret mirth mirthconnect mongo mongodb mongoadmin monkey mqtt mysql
mysecretpassword mypassword n8n nats neo4j nexus nifi nodered odoo openemr openehr openhim openmrs
openshift opensearch oracle orthanc owaspbwa p@ssw0rd p@ssword p@ssw0rd1 p@ssw0rd123 pa$$w0rd
pa55word pacs parse pass pass1 pass123 pass1234 passw0rd passw0rd! passwd password password!
password01 password1 password1! password12 password123 password123! password1234 password@123
pgadmin pgpass phpmyadmin pi pinpoint portainer postgis postgres postgres1 postgres123
postgresql princess private prisma prometheus public pulsar qwe123 qwer1234 qwerty qwerty1
qwerty123 qwertyuiop rabbit rabbitmq raspberry ravendb redis redis123 redispass redispassword
redmine replicator root root123 root1234 rootpass rootpassword rootroot rundeck s3cr3t sa
sample secret secret1 secret123 secret1234 secretkey secretpassword sentry server service
shadow solr sonar sonarqube spring sql sqlserver strapi strongpassword sunshine superadmin
superman supersecret supersecretkey superset superuser support supabase surrealdb sysadmin system
teamcity temp temp123 test test1 test12 test123 test123! test1234 test12345 tester testing
testpass testpassword testtest tomcat toor traefik trustno1 typo3 ubuntu unifi user user1
user123 userpass vagrant vault vertica vmware wazuh weblogic webmaster welcome welcome1
welcome1! welcome123 whatever wildfly wordpress yourstrong(!)password yourstrong@passw0rd
yourstrongpassword zabbix zaq12wsx zookeeper
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_default_passwords() {
        for password in [
            "postgres",
            "root",
            "admin",
            "admin123",
            "password",
            "password123",
            "P@ssw0rd",
            "changeme!",
            "secret",
            "guest",
            "minioadmin",
            "hapi",
            "openmrs",
            "Admin123",
            "orthanc",
            "mirth",
            "keycloak",
            "letmein",
            " demo ",
        ] {
            assert!(common_password(password), "{password}");
        }
        for password in [
            "",
            "Summer2024!",
            "h0spital-prod-2024!",
            "postgres-7Gq",
            "correct horse",
        ] {
            assert!(!common_password(password), "{password}");
        }
    }

    #[test]
    fn the_list_has_no_duplicates() {
        let mut seen = BTreeSet::new();
        for password in COMMON.split_whitespace() {
            assert!(seen.insert(password), "{password} stands twice");
            assert_eq!(password, password.to_lowercase());
        }
    }

    #[test]
    fn entropy_counts_bits_per_character() {
        for (value, bits) in [
            ("", 0.0),
            ("aaaa", 0.0),
            ("abab", 1.0),
            ("abcd", 2.0),
            ("01234567", 3.0),
            ("ääöö", 1.0),
        ] {
            assert!((entropy(value) - bits).abs() < 1e-9, "{value}");
        }
    }
}
