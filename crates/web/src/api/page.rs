//! Lists, page by page: `?after=NUMBER&limit=COUNT`, or `?after=NAME` of what has a name and no number;
//! beside them, by name, what a list is narrowed by: all of it holds at once. An answer that is cut says
//! so, by a link to the next page (RFC 8288), which is narrowed in the same way.

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use forewarn_node::Failure;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most rows of one answer.
const MAX_ROWS: usize = 1_000;

/// Which page is asked for.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// The cursor of the page before: only rows behind it.
    #[serde(default)]
    pub(crate) after: i64,
    /// Most rows of a page, from 1; 1,000 when not given, or more.
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

/// Which page of a list is asked for whose rows have names. Such a list is of what people have set up: it
/// is whole, when no limit is given.
#[derive(Debug, Clone, Default)]
pub(crate) struct NamedQuery {
    /// Only rows whose names come after this one.
    pub(crate) after: Option<String>,
    /// At most this many.
    pub(crate) limit: Option<usize>,
}

impl NamedQuery {
    /// Makes a page of all rows, in the order of their names.
    pub(crate) fn page<T>(self, rows: Vec<T>, name: impl Fn(&T) -> &str) -> Page<T> {
        let NamedQuery { after, limit } = self;
        let after = after.unwrap_or_default();
        let mut rows: Vec<T> = rows.into_iter().filter(|row| name(row) > after.as_str()).collect();
        let limit = limit.filter(|limit| rows.len() > *limit);
        let Some(limit) = limit else { return Page { rows, next: None } };
        rows.truncate(limit);
        let next = rows.last().map(|last| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("after", name(last)).append_pair("limit", &limit.to_string()).finish()
        });
        Page { rows, next }
    }
}

impl<T> Page<T> {
    /// The next page is narrowed in the same way.
    pub(crate) fn narrowed<const N: usize>(
        self,
        by: [(&'static str, Option<String>); N],
    ) -> Page<T> {
        by.into_iter().fold(self, |page, (name, value)| match value {
            Some(value) => page.with(name, &value),
            None => page,
        })
    }

    /// The next page is asked for with this too.
    fn with(mut self, name: &str, value: &str) -> Page<T> {
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
    fn a_list_by_name_goes_on_behind_a_name_and_stays_narrowed() {
        let page = |after: Option<&str>, limit| {
            let query = NamedQuery { after: after.map(str::to_owned), limit };
            let page = query.page(vec!["ana", "b c", "dora"], |name| name);
            let page = page.narrowed([("role", Some("reader".to_owned())), ("standing", None)]);
            (page.rows, page.next)
        };
        let next = Some("after=b+c&limit=2&role=reader".to_owned());
        assert_eq!(page(None, Some(2)), (vec!["ana", "b c"], next));
        assert_eq!(page(Some("b c"), Some(2)), (vec!["dora"], None));
        assert_eq!(page(None, None), (vec!["ana", "b c", "dora"], None));
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
