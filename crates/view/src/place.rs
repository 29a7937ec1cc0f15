//! Places that are threatened, and parts of the map that partners have registered.

use crate::text;
use forewarn_exchange::id::Subject;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What stands on the map, and what of it was left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Places {
    /// What is threatened, then what is registered.
    pub places: Vec<PlaceLine>,
    /// Why there is more than these; empty when there is not.
    pub left_out: Vec<LeftOut>,
}

/// Why places are left out: each has a bound, so that a map is drawn at once however much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// There are more open cases: those due first are shown.
    Cases,
    /// More cases have no draft: what the items of the first name is shown.
    CasesWithoutDraft,
    /// There are more warnings: the newest are shown.
    Warnings,
    /// There are more interests with areas: the newest are shown.
    Interests,
    /// There are more interests altogether: areas are looked for among the newest.
    OldInterests,
    /// A case, warning or interest has more places than are shown of one.
    OfOne,
    /// The page shows the first places only; the API has the others.
    Drawn,
}

/// A place, and what it is to us.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceLine {
    /// What it is called: the place's name, or an area in words.
    pub name: String,
    /// Why it stands here.
    #[serde(flatten)]
    pub what: PlaceOf,
    /// Where it is.
    pub area: Area,
}

/// Why a place stands on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum PlaceOf {
    /// A case of ours, or a warning that came to us, says that it is threatened.
    Threatened {
        /// Which.
        subject: Subject,
        /// Whom the case would warn, or who sent the warning.
        partner: String,
        /// How urgent.
        urgency: Urgency,
        /// Whether it is meant.
        status: Status,
        /// Its marking, where it is written down already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tlp: Option<Tlp>,
        /// When the case is due, or until when the warning holds.
        until: Timestamp,
    },
    /// Somebody wants to be warned of it.
    Registered {
        /// Who: a partner, or we ourselves with a partner.
        partner: String,
        /// Whether the interest is ours.
        ours: bool,
        /// What the interest is called.
        label: String,
        /// How many items have met it.
        matches: i64,
    },
}

/// A part of the map, in degrees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "form", rename_all = "kebab-case")]
pub enum Area {
    /// A place, by its middle.
    Point {
        /// −90 to 90.
        latitude: f64,
        /// −180 to 180.
        longitude: f64,
    },
    /// What lies so far around a point.
    Circle {
        /// −90 to 90.
        latitude: f64,
        /// −180 to 180.
        longitude: f64,
        /// Kilometres.
        km: f64,
    },
    /// What lies within these corners: latitude, then longitude.
    Polygon {
        /// At least three.
        corners: Vec<(f64, f64)>,
    },
}

impl Area {
    /// The points between which all of it lies.
    pub fn frame(&self) -> Vec<(f64, f64)> {
        match self {
            Area::Point { latitude, longitude } => vec![(*latitude, *longitude)],
            Area::Circle { latitude, longitude, km } => {
                let high = km / 111.2;
                let wide = high / latitude.to_radians().cos().max(0.05);
                vec![(latitude - high, longitude - wide), (latitude + high, longitude + wide)]
            }
            Area::Polygon { corners } => corners.clone(),
        }
    }
}

impl PlaceLine {
    /// Its name in a line.
    pub fn name(&self) -> String {
        text::line(&self.name)
    }
}
