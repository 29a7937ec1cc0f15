//! Three PostgreSQL servers, of which two replicate the third: what a cluster is without those who
//! govern it, whose part a test plays.

use crate::postgres::Postgres;
use crate::until;

/// Three servers. Those that are named by the primary are all waited for.
pub struct Trio {
    members: Vec<Postgres>,
    primary: usize,
}

fn name(member: usize) -> String {
    format!("member_{member}")
}

impl Trio {
    /// Makes and starts them.
    pub fn start() -> Trio {
        let first = Postgres::start(&[]);
        let replicas = [1, 2].map(|member| first.replica(&name(member)));
        first.set("synchronous_standby_names", "ANY 2 (member_1, member_2)");
        let mut trio = Trio { members: vec![first], primary: 0 };
        trio.members.extend(replicas);
        trio.waits_for(2);
        trio
    }

    fn member(&self, member: usize) -> &Postgres {
        self.members.get(member).unwrap()
    }

    fn waits_for(&self, count: usize) {
        let sql = "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')";
        until("the replicas", || (self.sql(sql) == count.to_string()).then_some(()));
    }

    /// Where a node finds whichever is the primary.
    pub fn url(&self) -> String {
        let hosts: Vec<String> = self.members.iter().map(Postgres::host).collect();
        format!("postgres://forewarn@{}/postgres", hosts.join(","))
    }

    /// Runs SQL at the primary.
    pub fn sql(&self, sql: &str) -> String {
        self.member(self.primary).sql(sql)
    }

    /// Ends the primary at once; the replica that has more of its log takes its place, and the other one
    /// follows that.
    pub fn fail_over(&mut self) {
        self.members.get_mut(self.primary).unwrap().kill();
        let has = "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')";
        let has = |member: usize| self.member(member).sql(has).parse::<u64>().unwrap();
        let (new, other) = if has(1) >= has(2) { (1, 2) } else { (2, 1) };
        self.primary = new;
        self.member(new).set("synchronous_standby_names", &format!("ANY 1 ({})", name(other)));
        let from = self.member(new).replication(&name(other));
        self.member(other).set("primary_conninfo", &from);
        self.member(new).sql("SELECT pg_promote()");
        self.waits_for(1);
    }
}
