//! `GET /` and `GET /desk`: on to the desk.

use super::ROOT;
use axum::response::Redirect;

pub(crate) async fn to_desk() -> Redirect {
    std::future::ready(Redirect::to(ROOT)).await
}
