//! `POST /api/v1/tokens`: a token for a user, shown once.

use super::{MAX_REQUEST_BYTES, parse};
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::tls::Certificate;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::Code;
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::name::UserName;
use forewarn_node::clock;
use forewarn_transcript::Hash;
use forewarn_view::user::{CertificateTaken, LetIn, TokenMade};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    user: UserName,
    /// A certificate in PEM form: in place of a token, its holder is let in.
    certificate: Option<String>,
}

pub(crate) async fn make(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<LetIn>, Problem> {
    let TokenRequest { user, certificate } =
        parse(&body::read((&node, &asker), &headers, body, MAX_REQUEST_BYTES).await?)?;
    if let Some(pem) = certificate {
        let digest = Certificate::of_pem(&pem).ok_or_else(|| {
            let detail = "the certificate is not one in PEM form";
            Problem::new(Code::BadCertificate, detail)
        })?;
        node.act(caller.actor(), None, AccountAct::TokenAdd { user: user.clone(), digest }.into())
            .await?;
        return Ok(Json(LetIn::ByCertificate(CertificateTaken { user, certificate: digest })));
    }
    let token = format!("fwt_{}", clock::seed());
    let digest = Hash::of(token.as_bytes());
    node.act(caller.actor(), None, AccountAct::TokenAdd { user: user.clone(), digest }.into())
        .await?;
    Ok(Json(LetIn::ByToken(TokenMade { user, token })))
}
