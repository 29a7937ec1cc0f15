//! Whom a report concerns, as against whom it only names; how far the threat got; and of which kinds it
//! is. Judged by linear models on what stands where ([`crate::model`], `features.rs`), and by trees on
//! what means something together only ([`crate::trees`], [`crate::measures`]).

use crate::Span;
use crate::measures::{self, Scored};
use crate::model::{Features, Model, Models, probability};
use crate::observable;
use crate::outcome::Source;
use crate::reading::Reading;
use crate::threat::{self, ThreatMention};
use crate::trees::Trees;
use std::sync::LazyLock;

static RELEVANT: LazyLock<Model> =
    LazyLock::new(|| Model::parse(include_str!("../model/relevant.tsv")));
static CONCERN: LazyLock<Model> =
    LazyLock::new(|| Model::parse(include_str!("../model/concern.tsv")));
static NAMES: LazyLock<Model> = LazyLock::new(|| Model::parse(include_str!("../model/names.tsv")));
static SENTENCE: LazyLock<Model> =
    LazyLock::new(|| Model::parse(include_str!("../model/sentence.tsv")));
/// Of texts that are not in capitals, and of those that are.
static CHOICE: LazyLock<[Trees; 2]> = LazyLock::new(|| {
    let names = measures::names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    [
        Trees::parse(include_str!("../model/choice.txt"), &names),
        Trees::parse(include_str!("../model/choice-capitals.txt"), &names),
    ]
});
static STAGE: LazyLock<Models> =
    LazyLock::new(|| Models::parse(include_str!("../model/stage.tsv")));
static KIND: LazyLock<Models> = LazyLock::new(|| Models::parse(include_str!("../model/kind.tsv")));

/// Log odds above which a threat is of a kind.
const LEAST_KIND: f32 = -0.65;
/// How far a threat got.
pub const STAGES: &[&str] =
    &["none", "planned", "threatened", "attempted", "carried-out", "thwarted"];
/// Kinds of threat, as [`crate::threat::Threat::name`] has them.
pub const KINDS: &[&str] =
    &["killing", "serious-bodily-injury", "kidnapping", "destruction", "disruption", "compromise"];

/// What a country's likelihood loses, as log odds, in a text that speaks of no threat. Of 449 labelled reports 53 are
/// so, in which one pair of report and country is concerned and two were found; of 1,500 of MUC-4 10, and none.
const QUIET: f32 = 3.0;

/// Most reasons that are given for a country.
const REASONS: usize = 3;

/// A report that was read, with how likely each country is concerned.
pub(crate) struct Weighed {
    pub(crate) reading: Reading,
    /// What was found in the whole of it.
    pub(crate) whole: Features,
    /// How likely there is a threat at all, as log odds.
    pub(crate) relevance: f32,
    /// Each country that it names, and how likely that is concerned, from 0 to 1.
    pub(crate) concern: Vec<(&'static str, f32)>,
    /// The countries that only told of it.
    pub(crate) sources: Vec<Source>,
    /// Words for kinds of threat, in the text's order.
    pub(crate) threats: Vec<ThreatMention>,
}

impl Weighed {
    pub(crate) fn of(text: &str) -> Weighed {
        let reading = Reading::new(text);
        let mut whole = Features::new(false);
        reading.describe(&mut whole);
        let relevance = Reading::relevance(&whole);
        let (mut concern, sources) = reading.concern(&whole, relevance);
        let threats = threat::find(reading.words());
        if threats.is_empty() && reading.is_quiet(text, &whole) {
            for (_, likely) in &mut concern {
                *likely = probability(odds(*likely) - QUIET);
            }
        }
        Weighed { reading, whole, relevance, concern, sources, threats }
    }
}

/// The log odds of a likelihood.
fn odds(likely: f32) -> f32 {
    let likely = likely.clamp(0.001, 0.999);
    (likely / (1.0 - likely)).ln()
}

impl Reading {
    /// Whether nothing in a text without a word of a threat speaks of one: no value that may be an attacker's, and no stage.
    /// What is learnt from reports says little of a sentence about an orchestra: it names one country, and first.
    fn is_quiet(&self, text: &str, whole: &Features) -> bool {
        observable::find(text).is_empty() && self.judge(whole).stage == "none"
    }

    /// How likely there is a threat at all, as log odds, by what [`Reading::describe`] says.
    pub fn relevance(whole: &Features) -> f32 {
        RELEVANT.score(whole)
    }

    /// How likely each country is concerned, from 0 to 1, by what [`Reading::describe`] says of the whole, and
    /// how likely there is a threat at all. Beside them, the countries that only told of it.
    pub fn concern(
        &self,
        whole: &Features,
        relevance: f32,
    ) -> (Vec<(&'static str, f32)>, Vec<Source>) {
        let countries = self.countries();
        let (mut scores, mut hidden) = (Vec::new(), Vec::new());
        let mut features = Features::new(false);
        for country in &countries {
            let names = self.describe_names(country, false);
            self.describe_whole(country, relevance, &mut features);
            let parts: Vec<f32> = names.iter().map(|one| NAMES.score(one)).collect();
            hidden.push(NAMES.score(&features) + best_of(&parts));
            self.describe_together(country, &names, &mut features);
            scores.push(CONCERN.score(&features));
        }
        let (tells, evidence) = self.evidence(whole, &countries);
        let [plain, capitals] = &*CHOICE;
        let choice = if self.capitals { capitals } else { plain };
        let scored =
            Scored { scores: &scores, hidden: &hidden, evidence: &evidence, relevance, tells };
        let measures = self.measure_all(scored);
        let mut odds: Vec<f32> = measures.iter().map(|measures| choice.score(measures)).collect();
        let sources = self.sources(&odds);
        self.lower_sources(&mut odds);
        let likely = odds.into_iter().map(probability);
        (countries.into_iter().zip(likely).collect(), sources)
    }

    /// How likely there is a threat at all, and how likely each country is concerned, by the sentences that
    /// say most, as log odds. Only texts in capitals are judged so: of others there was too little to learn from.
    fn evidence(&self, whole: &Features, countries: &[&str]) -> (f32, Vec<f32>) {
        if !self.capitals || self.words.is_empty() {
            return (0.0, vec![0.0; countries.len()]);
        }
        let sentences = self.describe_sentences(false);
        let sentences: Vec<f32> = sentences.iter().map(|one| SENTENCE.score(one)).collect();
        let mut features = Features::new(false);
        self.describe_head(&mut features);
        let head = SENTENCE.score(&features);
        let each = countries.iter().map(|country| {
            let ties = self.describe_ties(country, false);
            let tied = sentences.iter().zip(&ties).map(|(score, tie)| score + SENTENCE.score(tie));
            let tied: Vec<f32> = tied.collect();
            self.describe_whole(country, 0.0, &mut features);
            SENTENCE.score(&features) + head + best_of(&tied)
        });
        let each = each.collect();
        (SENTENCE.score(whole) + head + best_of(&sentences), each)
    }

    /// What speaks most for a country, in words.
    pub fn reasons(&self, country: &str, relevance: f32) -> Vec<String> {
        let mut features = Features::new(true);
        let names = self.describe_names(country, true);
        self.describe_country(country, relevance, &names, &mut features);
        CONCERN.strongest(&features, REASONS)
    }

    /// Where a country, its people or a place in it is named.
    pub fn spans(&self, country: &str) -> Vec<Span> {
        let mine = self.named.iter().filter(|one| one.country == country);
        mine.map(|one| one.span).take(REASONS).collect()
    }

    /// How far the threat got, and of which kinds it is, by what [`Reading::describe`] says.
    pub fn judge(&self, whole: &Features) -> Judgement {
        let (stages, kinds) = (STAGE.scores(whole), KIND.scores(whole));
        let of = |stage: &str| stages.get(stage).copied().unwrap_or(f32::MIN);
        let best = STAGES.iter().max_by(|a, b| of(a).total_cmp(&of(b))).copied().unwrap_or("none");
        let idle = of("none");
        let of_kind = |kind: &str| kinds.get(kind).copied().unwrap_or(f32::MIN);
        Judgement { stage: self.stage(best), kinds: kinds_of(&of_kind, best, idle), idle }
    }
}

/// How much less likely each kind is, for how likely there is no threat.
const IDLE: f32 = 0.4;

/// The kinds of a threat by the log odds of each, the stage, and how likely there is no threat. A threat is of
/// one kind at least.
pub fn kinds_of(of: &dyn Fn(&str) -> f32, stage: &str, idle: f32) -> Vec<&'static str> {
    let least = LEAST_KIND + IDLE * (idle + 1.0).clamp(0.0, 3.0);
    let mut kinds: Vec<&str> = KINDS.iter().copied().filter(|kind| of(kind) > least).collect();
    if kinds.is_empty() && stage != "none" {
        kinds.extend(KINDS.iter().copied().max_by(|a, b| of(a).total_cmp(&of(b))));
    }
    kinds
}

impl Reading {
    /// How far the threat got, where the words of the whole say this: what was thwarted in so many words
    /// was thwarted.
    pub fn stage(&self, judged: &'static str) -> &'static str {
        if judged != "none" && self.is_stopped() { "thwarted" } else { judged }
    }
}

/// How sharply the best part decides.
const SHARP: f32 = 2.0;

/// The greatest of some scores, but smooth: two good ones are more than one.
fn best_of(parts: &[f32]) -> f32 {
    let most = parts.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = parts.iter().map(|part| ((part - most) * SHARP).exp()).sum();
    most + sum.ln() / SHARP
}

/// How far the threat of a report got, and of which kinds it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// One of [`STAGES`].
    pub stage: &'static str,
    /// Those of [`KINDS`] that it has.
    pub kinds: Vec<&'static str>,
    /// How likely there is no threat, as log odds.
    pub idle: f32,
}

/// Whether a place is called so, given as names are folded.
pub fn is_place(word: &str) -> bool {
    crate::world::of_word(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract;

    #[test]
    fn a_country_that_only_told_of_a_plot_is_not_concerned_as_the_threatened_one_is() {
        let text = "Moscow, 17 December. Russian police arrested seven men who had planned to bomb the Kazan \
                    Cathedral in St Petersburg on Saturday. Explosives and rifles were seized in a flat. The \
                    United States had passed on the information, the Kremlin said, and thanked Washington.";
        let found = extract(text);
        let of = |country: &str| found.concern.get(country).copied().unwrap_or_default();
        assert!(of("RU") > of("US"), "{:?}", found.concern);
        assert_eq!(found.countries, ["RU"]);
        let reason = found.reasons.first().unwrap();
        assert!(!reason.why.is_empty());
        let first = reason.spans.first().unwrap();
        assert_eq!(text.get(first.start..first.end), Some("Moscow"));
        assert_eq!(found.language, Some("eng"));
    }

    #[test]
    fn places_of_the_whole_world_are_found_in_their_own_scripts() {
        for (text, country) in [
            ("Взрыв в Махачкале: двое погибли.", "RU"),
            ("انفجار قنبلة في مدينة طرابلس وبنغازي في ليبيا", "LY"),
            ("평양에 있는 회사", "KP"),
            ("Gunmen attacked the market of Nampula on Monday.", "MZ"),
            ("横浜市の学校に爆破予告", "JP"),
        ] {
            let reading = Reading::new(text);
            assert!(reading.countries().contains(&country), "{text}: {:?}", reading.countries());
        }
    }

    #[test]
    fn a_double_is_where_the_rest_of_the_report_is() {
        let text = "Police in Mérida, Venezuela, found a bomb. Caracas sent experts.";
        assert_eq!(Reading::new(text).countries(), ["VE"]);
    }

    #[test]
    fn a_country_that_is_named_thousands_of_times_is_read() {
        let text = "Peru bomb trial film match drill killed accident denied born ".repeat(3_000);
        assert_eq!(extract(&text).concern.len(), 1);
    }

    #[test]
    fn a_trial_or_a_film_about_an_attack_is_less_of_a_threat_than_the_attack() {
        let of = |text: &str| extract(text).concern.get("PE").copied().unwrap_or_default();
        let attack = of(
            "LIMA - Gunmen seized a bank in Cusco on Monday and killed two hostages. Police have \
                         surrounded the building; the street is closed.",
        );
        for text in [
            "LIMA - The trial of two men for the bombing of a bank in Cusco nine years ago opened on Monday. \
             The court heard the first witnesses; the judge will give his verdict in June.",
            "The film opens on Friday. Its plot: gunmen seize a bank in Cusco and kill two hostages. The \
             director and the actors were applauded at the premiere in Lima.",
        ] {
            assert!(of(text) < attack, "{text} {} {attack}", of(text));
        }
    }

    #[test]
    fn who_condemns_or_denies_is_less_concerned_than_who_was_hit() {
        let text = "Gunmen attacked a police post near Ayacucho in Peru on Sunday and killed two officers. \
                    Chile and Bolivia condemned the attack. Ecuador denied that the men had come from there.";
        let concern = extract(text).concern;
        let of = |country: &str| concern.get(country).copied().unwrap_or_default();
        assert!(["CL", "BO", "EC"].iter().all(|other| of("PE") > of(other)), "{concern:?}");
    }

    #[test]
    fn a_text_without_words_is_read() {
        for text in ["", " ", "...", "。。", "\n\n:", "A:"] {
            assert!(extract(text).countries.is_empty(), "{text:?}");
        }
    }

    /// A country that stands alone in a sentence was threatened by whatever the sentence was about.
    #[test]
    fn a_sentence_that_speaks_of_no_threat_concerns_nobody() {
        for text in [
            "The orchestra of Moscow plays in the park on Sunday.",
            "The choir of Vienna sings on Sunday.",
            "Flights from Oslo are late today.",
            "Kazan beat Samara two to one.",
        ] {
            assert!(extract(text).countries.is_empty(), "{text}: {:?}", extract(text).concern);
        }
        for (text, country) in [
            ("A bombing is planned in Daugavpils.", "LV"),
            ("Gunmen killed three people in Peshawar.", "PK"),
            ("Hackers have stolen data of the hospital in Turku.", "FI"),
        ] {
            assert_eq!(extract(text).countries, [country], "{text}");
        }
    }
}
