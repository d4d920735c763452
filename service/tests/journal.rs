//! What was accepted is there after a stop, and what the journal says is looked at.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::time::Duration;

use leanvm_service::{OpenError, StartError};
use serde_json::json;

use crate::common::{id, records, start_with};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn nothing_is_lost_at_a_stop() {
    let folder = folder();
    let service = start_with(folder.path(), |settings| settings.grace = Duration::ZERO);
    let service = service.expect("it starts");
    service.submit(&json!(records()));
    let done = id(&service.ask(60_000));
    assert_eq!(service.ended(&done)["state"], "done");
    let ids: Vec<String> = (0..4).map(|_| id(&service.ask_slow())).collect();
    let cancelled = id(&service.ask_slow());
    service.request("DELETE", &format!("/v1/aggregates/{cancelled}"), b"");
    drop(service);

    let service = start_with(folder.path(), |_| {}).expect("it starts");
    assert_eq!(service.recovered.signatures, 2);
    assert_eq!(service.recovered.dropped_bytes, 0);
    assert!(
        service.recovered.aggregates > 0,
        "all was done before the stop"
    );
    for id in ids.iter().chain([&done]) {
        assert_eq!(service.ended(id)["state"], "done");
        let file = service.get(&format!("/v1/aggregates/{id}/file"));
        assert_eq!(service.ended(id)["result"]["bytes"], file.body.len());
    }
    assert_eq!(service.ended(&cancelled)["state"], "cancelled");
    assert_eq!(service.submit(&json!(records())).json()["duplicate"], 2);
}

/// Whatever of the last line is missing, the rest is there; a change before it is refused.
#[test]
fn a_line_that_is_cut_short_is_dropped() {
    let folder = folder();
    let service = start_with(folder.path(), |_| {}).expect("it starts");
    let [alice, bob] = records();
    service.submit(&alice);
    service.submit(&bob);
    drop(service);
    let path = folder.path().join("journal");
    let whole = fs::read(&path).expect("a journal");
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    assert_eq!(lines.len(), 3);
    let last = whole.len() - lines[2].len();
    for cut in [1, 2, lines[2].len() / 2, lines[2].len() - 1] {
        fs::write(&path, &whole[..whole.len() - cut]).expect("it is written");
        let service = start_with(folder.path(), |_| {}).expect("it starts");
        let dropped = (lines[2].len() - cut) as u64;
        let recovered = service.recovered;
        assert_eq!(
            (recovered.signatures, recovered.dropped_bytes),
            (1, dropped)
        );
        drop(service);
        assert_eq!(fs::read(&path).expect("a journal").len(), last);
    }
    let refused = |bytes: &[u8], at: usize| {
        fs::write(&path, bytes).expect("it is written");
        match start_with(folder.path(), |_| {}).map(|_| ()) {
            Err(StartError::Journal(OpenError::Damaged { byte, .. })) => {
                assert_eq!(byte, at as u64);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(fs::read(&path).expect("a journal"), bytes);
    };
    let mut changed = whole.clone();
    changed[lines[0].len() + 20] ^= 1;
    refused(&changed, lines[0].len());
    changed = whole.clone();
    changed[12] ^= 1;
    refused(&changed, 0);
    refused(b"some text\n", 0);
    refused(b"some text", 0);
}

#[test]
fn a_folder_is_of_one_process() {
    let folder = folder();
    let _service = start_with(folder.path(), |_| {}).expect("it starts");
    match start_with(folder.path(), |_| {}).map(|_| ()) {
        Err(StartError::Journal(OpenError::InUse(path))) => assert_eq!(path, folder.path()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_old_goes_with_its_bytes() {
    let folder = folder();
    let service = start_with(folder.path(), |_| {}).expect("it starts");
    service.submit(&json!(records()));
    let id = id(&service.ask(60_000));
    assert_eq!(service.ended(&id)["state"], "done");
    let path = folder.path().join("journal");
    drop(service);
    let before = fs::metadata(&path).expect("a journal").len();

    let service = start_with(folder.path(), |settings| {
        settings.keep = Duration::ZERO;
        settings.least_compaction = 0;
    });
    let service = service.expect("it starts");
    // The journal is looked at before any request is recorded.
    assert_eq!(service.submit(&records()[0]).json()["accepted"], 1);
    service
        .get(&format!("/v1/aggregates/{id}"))
        .is(404, "not-found");
    let after = fs::metadata(&path).expect("a journal").len();
    assert!(after < before, "{after} of {before}");
    let results = fs::read_dir(folder.path().join("results")).expect("a folder");
    assert_eq!(results.count(), 0);
    drop(service);
    let service = start_with(folder.path(), |_| {}).expect("it starts");
    assert_eq!(service.recovered.signatures, 1);
}

/// A journal that another program writes into is not trusted.
#[test]
fn bytes_behind_the_journal_are_told_of() {
    let folder = folder();
    drop(start_with(folder.path(), |_| {}).expect("it starts"));
    let path = folder.path().join("journal");
    let mut file = OpenOptions::new()
        .append(true)
        .open(path)
        .expect("a journal");
    file.write_all(&[0; 100]).expect("it is written");
    let service = start_with(folder.path(), |_| {}).expect("it starts");
    assert_eq!(service.recovered.dropped_bytes, 100);
    assert_eq!(*service.said.lock().expect("no panic"), [""; 0]);
}
