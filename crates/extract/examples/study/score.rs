//! Right, wrong and missed.

use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    pub right: usize,
    pub wrong: usize,
    pub missed: usize,
}

impl Tally {
    pub fn precision(self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    pub fn recall(self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }

    pub fn f1(self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.wrong + self.missed).max(1) as f64
    }

    pub fn add(&mut self, other: Tally) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }

    pub fn json(self) -> Value {
        let round = |x: f64| (x * 1000.0).round() / 1000.0;
        json!({
            "f1": round(self.f1()), "precision": round(self.precision()), "recall": round(self.recall()),
            "right": self.right, "wrong": self.wrong, "missed": self.missed,
        })
    }
}

pub fn print(what: &str, on: &str, tally: Tally) {
    let mut row = json!({ "measure": what, "on": on });
    if let (Some(row), Value::Object(more)) = (row.as_object_mut(), tally.json()) {
        row.extend(more);
    }
    println!("{row}");
}
