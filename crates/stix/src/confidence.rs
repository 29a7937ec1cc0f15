//! Scales of confidence, and how their words map to the STIX values 0 to 100 (STIX 2.1 Appendix A).

/// A scale that people use for what STIX writes as a number from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Four words: None, Low, Med, High.
    NoneLowMedHigh,
    /// The numbers 0 to 10.
    Ten,
    /// The credibility of information in the Admiralty code, 1 (best) to 5. There is no step for 6,
    /// "cannot be judged": it says nothing about confidence.
    Admiralty,
    /// Sherman Kent's Words of Estimative Probability.
    Wep,
    /// The DNI scale, of Intelligence Community Directive 203.
    Dni,
}

/// One step of a scale.
#[derive(Debug, PartialEq, Eq)]
pub struct ScaleStep {
    /// The word or number of the scale.
    pub word: &'static str,
    /// The STIX value that this word is written as.
    pub value: u8,
    /// The smallest and the largest STIX value that are read as this word.
    pub range: (u8, u8),
}

const fn step(word: &'static str, value: u8, low: u8, high: u8) -> ScaleStep {
    ScaleStep { word, value, range: (low, high) }
}

impl Scale {
    /// The steps of the scale, lowest confidence first. Their ranges cover 0 to 100.
    pub fn steps(self) -> &'static [ScaleStep] {
        match self {
            Scale::NoneLowMedHigh => NONE_LOW_MED_HIGH,
            Scale::Ten => TEN,
            Scale::Admiralty => ADMIRALTY,
            Scale::Wep => WEP,
            Scale::Dni => DNI,
        }
    }

    /// The step that a STIX value is read as; `None` above 100.
    pub fn of(self, value: u8) -> Option<&'static ScaleStep> {
        self.steps().iter().find(|step| (step.range.0..=step.range.1).contains(&value))
    }

    /// The STIX value that a word of the scale is written as. Case and surrounding white space do
    /// not matter; `None` for other words.
    pub fn value(self, word: &str) -> Option<u8> {
        let word = word.trim();
        self.steps().iter().find(|step| step.word.eq_ignore_ascii_case(word)).map(|step| step.value)
    }
}

const NONE_LOW_MED_HIGH: &[ScaleStep] = &[
    step("None", 0, 0, 0),
    step("Low", 15, 1, 29),
    step("Med", 50, 30, 69),
    step("High", 85, 70, 100),
];

const ADMIRALTY: &[ScaleStep] = &[
    step("5", 10, 0, 19),
    step("4", 30, 20, 39),
    step("3", 50, 40, 59),
    step("2", 70, 60, 79),
    step("1", 90, 80, 100),
];

const WEP: &[ScaleStep] = &[
    step("Impossible", 0, 0, 0),
    step("Highly Unlikely/Almost Certainly Not", 10, 1, 19),
    step("Unlikely/Probably Not", 30, 20, 39),
    step("Even Chance", 50, 40, 59),
    step("Likely/Probable", 70, 60, 79),
    step("Highly likely/Almost Certain", 90, 80, 99),
    step("Certain", 100, 100, 100),
];

const DNI: &[ScaleStep] = &[
    step("Almost No Chance / Remote", 5, 0, 9),
    step("Very Unlikely / Highly Improbable", 15, 10, 19),
    step("Unlikely / Improbable", 30, 20, 39),
    step("Roughly Even Chance / Roughly Even Odds", 50, 40, 59),
    step("Likely / Probable", 70, 60, 79),
    step("Very Likely / Highly Probable", 85, 80, 89),
    step("Almost Certain / Nearly Certain", 95, 90, 100),
];

const TEN: &[ScaleStep] = &[
    step("0", 0, 0, 4),
    step("1", 10, 5, 14),
    step("2", 20, 15, 24),
    step("3", 30, 25, 34),
    step("4", 40, 35, 44),
    step("5", 50, 45, 54),
    step("6", 60, 55, 64),
    step("7", 70, 65, 74),
    step("8", 80, 75, 84),
    step("9", 90, 85, 94),
    step("10", 100, 95, 100),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_one_step_on_every_scale_and_words_go_both_ways() {
        for scale in [Scale::NoneLowMedHigh, Scale::Ten, Scale::Admiralty, Scale::Wep, Scale::Dni] {
            for value in 0..=100 {
                let fits = |step: &&ScaleStep| (step.range.0..=step.range.1).contains(&value);
                assert_eq!(scale.steps().iter().filter(fits).count(), 1, "{scale:?} {value}");
            }
            assert!(scale.of(101).is_none());
            for step in scale.steps() {
                assert_eq!(scale.of(step.value), Some(step));
                assert_eq!(scale.value(step.word), Some(step.value));
            }
        }
    }
}
