//! A list of numbers that mostly has one.

/// Numbers in no order; sixteen bytes while there is one at most.
#[derive(Debug, Default)]
pub(crate) enum Few {
    #[default]
    None,
    One(u32),
    #[expect(clippy::box_collection, reason = "a list in place would make each one longer by half")]
    Many(Box<Vec<u32>>),
}

impl Few {
    pub(crate) fn push(&mut self, number: u32) {
        *self = match std::mem::take(self) {
            Few::None => Few::One(number),
            Few::One(first) => Few::Many(Box::new(vec![first, number])),
            Few::Many(mut list) => {
                list.push(number);
                Few::Many(list)
            }
        };
    }

    /// Takes a number out, once.
    pub(crate) fn remove(&mut self, number: u32) {
        match self {
            Few::One(one) if *one == number => *self = Few::None,
            Few::Many(list) => {
                if let Some(at) = list.iter().position(|one| *one == number) {
                    list.swap_remove(at);
                }
                if list.is_empty() {
                    *self = Few::None;
                }
            }
            _ => {}
        }
    }

    pub(crate) fn as_slice(&self) -> &[u32] {
        match self {
            Few::None => &[],
            Few::One(one) => std::slice::from_ref(one),
            Few::Many(list) => list,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_there_until_it_is_taken_out() {
        let mut few = Few::default();
        for number in [1, 2, 3] {
            few.push(number);
        }
        few.remove(1);
        few.remove(9);
        assert_eq!(few.as_slice().len(), 2);
        few.remove(2);
        few.remove(3);
        assert!(few.is_empty());
    }
}
