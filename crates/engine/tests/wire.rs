//! The shape of what crosses to the page and to `--json`, word for word: scripts of other people stand on it. A change here
//! is a change for them (`cargo insta review`, or INSTA_UPDATE=always, once it is meant).
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[expect(dead_code, reason = "the other tests use the rest of it")]
mod fake;

use fake::{listener, machine, request};
use quaymaster_core::{Change, Owner, OwnerGap, Socket};
use quaymaster_engine::wire::{ExportFormat, ExportRequest, FrameRequest};
use quaymaster_engine::{Engine, INTERVALS};
use serde_json::Value;

/// A listener whose program is known and one whose owner is hidden, with everything told that comes beside the look.
async fn engine() -> Engine {
    let hidden = Socket { owner: Owner::Unknown(OwnerGap::OtherUser), uid: Some(0), ..listener(2, 7898, 0) };
    let (machine, _script) = machine(vec![Change::Opened(listener(1, 7897, 10)), Change::Opened(hidden)], false);
    let engine = Engine::start(machine, *INTERVALS.end()).unwrap();
    loop {
        let frame = serde_json::to_string(&engine.next_frame(request()).await.unwrap()).unwrap();
        if frame.contains("program-10") && frame.contains("user-1000") && frame.contains("user-0") {
            return engine;
        }
        tokio::task::yield_now().await;
    }
}

/// Moments and counts that differ from run to run, put out of sight.
fn steady(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                let varies = ["taken_at", "first_seen", "since", "look_ms", "sequence"].contains(&name.as_str());
                *field = if varies { Value::from(format!("<{name}>")) } else { steady(field.take()) };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = steady(item.take())),
        _ => {}
    }
    value
}

#[tokio::test]
async fn a_frame() {
    let engine = engine().await;
    let first = serde_json::to_value(engine.next_frame(request()).await.unwrap()).unwrap();
    let wanted = FrameRequest { port: Some(7897), detail: first["lines"][0]["id"].as_u64(), ..request() };
    let frame = engine.next_frame(wanted).await.unwrap();
    insta::assert_json_snapshot!(steady(serde_json::to_value(frame).unwrap()));
}

#[tokio::test]
async fn a_listing() {
    let json = ExportRequest { view: request(), format: ExportFormat::Json, columns: Vec::new() };
    let written = engine().await.export(json).await.unwrap();
    insta::assert_json_snapshot!(steady(serde_json::from_slice(&written.bytes).unwrap()));
}
