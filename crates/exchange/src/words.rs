//! The words that a fingerprint is read aloud in: one for each value of a byte.

pub(crate) const WORDS: [&str; 256] = [
    "acorn", "actor", "agate", "alarm", "album", "alder", "alley", "almond", "amber", "anchor",
    "angle", "ankle", "apple", "apron", "arbor", "arrow", "aspen", "atlas", "attic", "autumn",
    "badge", "bagel", "baker", "bamboo", "banjo", "barley", "basil", "basket", "beach", "beacon",
    "beaver", "berry", "birch", "bishop", "bison", "blanket", "blossom", "border", "bottle",
    "branch", "brass", "bread", "breeze", "bridge", "bronze", "brook", "broom", "bucket",
    "buffalo", "bundle", "butter", "button", "cabin", "cable", "cactus", "camel", "candle",
    "canoe", "canvas", "carbon", "carpet", "carrot", "castle", "cedar", "cellar", "chalk",
    "chapel", "cherry", "chest", "chimney", "cider", "cinema", "circle", "citrus", "clover",
    "coast", "cobalt", "coffee", "comet", "copper", "coral", "cotton", "couch", "cradle", "crane",
    "cricket", "crown", "crystal", "curtain", "cymbal", "daisy", "dancer", "desert", "diamond",
    "dinner", "dolphin", "donkey", "dragon", "drawer", "drum", "eagle", "easel", "echo", "elbow",
    "elm", "ember", "engine", "envoy", "ermine", "fabric", "falcon", "farmer", "feather", "fennel",
    "ferry", "fiddle", "finch", "flannel", "flint", "flute", "forest", "fossil", "fountain", "fox",
    "frost", "furnace", "galaxy", "garden", "garlic", "gazelle", "ginger", "glacier", "glove",
    "goblet", "granite", "grape", "gravel", "guitar", "hammer", "harbor", "harvest", "hazel",
    "hedge", "helmet", "heron", "hickory", "honey", "horizon", "hornet", "iceberg", "igloo",
    "indigo", "iron", "island", "ivory", "jacket", "jaguar", "jasmine", "jersey", "jigsaw",
    "jungle", "kayak", "kernel", "kettle", "kitchen", "kiwi", "ladder", "lagoon", "lantern",
    "laurel", "lemon", "lentil", "lily", "linen", "lion", "lobster", "lotus", "lumber", "magnet",
    "mango", "maple", "marble", "market", "meadow", "melon", "mirror", "mitten", "mosaic",
    "mountain", "mustard", "napkin", "nectar", "needle", "nickel", "nutmeg", "oasis", "ocean",
    "olive", "onion", "opal", "orchid", "otter", "oyster", "paddle", "panda", "paper", "parrot",
    "pebble", "pencil", "pepper", "piano", "pigeon", "pillow", "planet", "plum", "pocket",
    "pollen", "poplar", "prairie", "pumpkin", "quartz", "quilt", "rabbit", "radish", "raven",
    "ribbon", "river", "rocket", "saddle", "saffron", "salmon", "sandal", "scarf", "shadow",
    "silver", "sparrow", "spruce", "statue", "summit", "tablet", "temple", "thistle", "timber",
    "trumpet", "tulip", "tunnel", "turtle", "velvet", "violet", "walnut", "willow", "window",
    "winter", "wolf", "yarn", "zebra",
];

#[cfg(test)]
mod tests {
    #[test]
    fn no_word_stands_twice() {
        let mut words = super::WORDS.to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 256);
    }
}
