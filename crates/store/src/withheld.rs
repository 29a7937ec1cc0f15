//! What must never reach a partner: one set for each, that only ever grows.

use crate::{Db, StoreError};
use forewarn_exchange::card::Card;
use forewarn_exchange::gate::{Withheld, WithheldKind};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::Partner;
use std::collections::BTreeSet;

/// Each kind with the word that it is kept by.
const KINDS: &[(WithheldKind, &str)] = &[
    (WithheldKind::Name, "name"),
    (WithheldKind::Source, "source"),
    (WithheldKind::OriginalId, "original-id"),
    (WithheldKind::SourceName, "source-name"),
    (WithheldKind::SourceContact, "source-contact"),
    (WithheldKind::Partner, "partner"),
];

fn word(kind: WithheldKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, word)| word)
}

impl Db<'_> {
    /// All that is withheld from a partner, whichever case it came by.
    pub fn withheld(&self, partner: &NodeName) -> Result<Vec<Withheld>, StoreError> {
        let sql = "SELECT kind, text FROM withheld WHERE partner = ?1 ORDER BY kind, text";
        self.withheld_rows(sql, (&**partner,))
    }

    fn withheld_rows(
        &self,
        sql: &str,
        of: impl rusqlite::Params,
    ) -> Result<Vec<Withheld>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(of)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let word: String = row.get(0)?;
            let kind = KINDS.iter().find(|(_, known)| *known == word);
            let (what, _) = kind.ok_or_else(|| {
                StoreError::damaged("withheld", format!("`{word}` is not a kind"))
            })?;
            all.push(Withheld::new(*what, row.get::<_, String>(1)?));
        }
        Ok(all)
    }

    /// All that must not reach a partner by what is written about a case: what is withheld from the
    /// partner, what is withheld of the case's items whoever is written to, every source's handle
    /// and the name behind it, and whom else we warn: what the other partners are called.
    pub fn withheld_in(
        &self,
        partner: &NodeName,
        case: Option<CaseNumber>,
    ) -> Result<Vec<Withheld>, StoreError> {
        let mut all = self.withheld(partner)?;
        if let Some(case) = case {
            let sql = "SELECT w.kind, w.text FROM duty_item i JOIN withheld_of w ON w.item = i.item \
                       WHERE i.case_nr = ?1 ORDER BY w.kind, w.text";
            all.extend(self.withheld_rows(sql, (case.get(),))?);
        }
        let what = WithheldKind::Source;
        all.extend(self.handles()?.into_iter().map(|text| Withheld::new(what, text)));
        all.extend(self.source_names()?.withheld());
        all.extend(self.other_partners(partner)?);
        Ok(all)
    }

    /// All that must not stand in what is said in public, about something that this partner had too:
    /// what is withheld from any partner, or of any item, every source's handle and the name
    /// behind it, and what the other partners are called.
    pub fn withheld_from_anybody(&self, partner: &NodeName) -> Result<Vec<Withheld>, StoreError> {
        let sql = "SELECT kind, text FROM withheld UNION SELECT kind, text FROM withheld_of \
                   ORDER BY kind, text";
        let mut all = self.withheld_rows(sql, ())?;
        let what = WithheldKind::Source;
        all.extend(self.handles()?.into_iter().map(|text| Withheld::new(what, text)));
        all.extend(self.source_names()?.withheld());
        all.extend(self.other_partners(partner)?);
        Ok(all)
    }

    /// What the partners but this one are called, where a text can be searched for it.
    fn other_partners(&self, reader: &NodeName) -> Result<Vec<Withheld>, StoreError> {
        let (own, others): (Vec<Partner>, Vec<Partner>) =
            self.partners()?.into_iter().partition(|one| one.name() == reader);
        let names = |partner: &Partner| {
            let moved = partner.moved.as_ref().map(|moved| moved.organisation.clone());
            let Card { name, organisation, .. } = &partner.card;
            [Some(name.to_string()), Some(organisation.clone()), moved]
        };
        // Two may be called alike.
        let own: BTreeSet<String> = own.iter().flat_map(names).flatten().collect();
        let all: BTreeSet<String> = others.iter().flat_map(names).flatten().collect();
        Ok(all.difference(&own).filter_map(|name| Withheld::partner(name)).collect())
    }

    /// Every handle that an item ever came from. Costs what there are of them, not of intakes.
    fn handles(&self) -> Result<Vec<String>, StoreError> {
        let sql = "WITH RECURSIVE one (handle) AS ( \
                       SELECT min(source) FROM intake WHERE source IS NOT NULL \
                       UNION ALL \
                       SELECT (SELECT min(source) FROM intake \
                               WHERE source IS NOT NULL AND source > handle) \
                       FROM one WHERE handle IS NOT NULL) \
                   SELECT handle FROM one WHERE handle IS NOT NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// These are withheld, whoever is written to about these items, from now on.
    pub fn withhold_of(&self, items: &[String], all: &[Withheld]) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO withheld_of (item, kind, text) VALUES (?1, ?2, ?3)";
        let mut statement = self.connection.prepare_cached(sql)?;
        for item in items {
            for one in all {
                statement.execute((item, word(one.what), &one.text))?;
            }
        }
        Ok(())
    }

    /// These are withheld from a partner from now on.
    pub fn withhold(&self, partner: &NodeName, all: &[Withheld]) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO withheld (partner, kind, text) VALUES (?1, ?2, ?3)";
        let mut statement = self.connection.prepare_cached(sql)?;
        for one in all {
            statement.execute((&**partner, word(one.what), &one.text))?;
        }
        Ok(())
    }
}
