//! Lists, page by page: `?after=NUMBER&limit=COUNT`. An answer that is cut says so, by a link to the
//! next page (RFC 8288).

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use forewarn_node::Failure;
use serde::{Deserialize, Serialize};

/// Most rows of one answer.
const MAX_ROWS: usize = 1_000;

/// Which page is asked for.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// Only rows after the one with this number.
    #[serde(default)]
    pub(crate) after: i64,
    /// At most this many, from 1; 1,000 when not given, or more.
    #[serde(default, deserialize_with = "limit")]
    pub(crate) limit: Option<usize>,
}

/// One page of a list.
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    /// The query of the next page, when there is more.
    pub(crate) next: Option<String>,
}

/// Reads the limit of a request, which is no number of rows when it is 0.
pub(crate) fn limit<'de, D: serde::Deserializer<'de>>(
    reader: D,
) -> Result<Option<usize>, D::Error> {
    let limit = Option::<usize>::deserialize(reader)?;
    if limit == Some(0) {
        let message = "`limit` is a whole number from 1; of more than 1,000 rows the answer has the \
                       first, and the link to the others";
        return Err(serde::de::Error::custom(message));
    }
    Ok(limit)
}

impl PageQuery {
    fn limit(self) -> usize {
        self.limit.unwrap_or(MAX_ROWS).clamp(1, MAX_ROWS)
    }

    /// Makes a page. `fetch` gives so many rows after a number, in their order; `show` leaves out
    /// what the caller may not see, which then counts for nothing.
    pub(crate) fn page<R, T>(
        self,
        mut fetch: impl FnMut(i64, i64) -> Result<Vec<R>, Failure>,
        number: impl Fn(&R) -> i64,
        mut show: impl FnMut(R) -> Result<Option<T>, Failure>,
    ) -> Result<Page<T>, Failure> {
        let (limit, mut after) = (self.limit(), self.after);
        let step = i64::try_from(limit + 1).unwrap_or(i64::MAX);
        let (mut rows, mut last) = (Vec::new(), self.after);
        loop {
            let fetched = fetch(after, step)?;
            if fetched.is_empty() {
                return Ok(Page { rows, next: None });
            }
            for row in fetched {
                after = number(&row);
                let Some(shown) = show(row)? else { continue };
                if rows.len() == limit {
                    let next = Some(format!("after={last}&limit={limit}"));
                    return Ok(Page { rows, next });
                }
                rows.push(shown);
                last = after;
            }
        }
    }
}

impl<T> Page<T> {
    /// The next page is asked for with this too.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Page<T> {
        if let Some(next) = &mut self.next {
            let mut query = form_urlencoded::Serializer::new(std::mem::take(next));
            *next = query.append_pair(name, value).finish();
        }
        self
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let link = self.next.map(|query| format!("<?{query}>; rel=\"next\""));
        let mut answer = Json(self.rows).into_response();
        if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            answer.headers_mut().insert(header::LINK, link);
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers 1 to `last`, of which the even ones are hidden.
    fn page(last: i64, after: i64, limit: usize) -> (Vec<i64>, Option<String>) {
        let query = PageQuery { after, limit: Some(limit) };
        let made = query.page(
            |after, count| Ok((after + 1..=last.min(after + count)).collect()),
            |number| *number,
            |number| Ok((number % 2 == 1).then_some(number)),
        );
        let made = made.unwrap();
        (made.rows, made.next)
    }

    #[test]
    fn a_page_says_whether_there_is_more_and_what_is_hidden_counts_for_nothing() {
        assert_eq!(page(9, 0, 2), (vec![1, 3], Some("after=3&limit=2".into())));
        assert_eq!(page(9, 3, 3), (vec![5, 7, 9], None));
        // What is left is hidden: nothing tells of it.
        assert_eq!(page(10, 7, 1), (vec![9], None));
        assert_eq!(page(0, 0, 5), (vec![], None));
    }
}
