//! Every kind is read, and what fits no field is named.

use super::*;
use crate::time::Day;
use std::collections::HashSet;

#[test]
fn kinds_and_fields_stand_once() {
    let all = || KINDS.iter().chain(FORMS);
    let words: HashSet<_> = all().map(|kind| kind.word).collect();
    assert_eq!(words.len(), all().count());
    for kind in all() {
        let names: HashSet<_> = kind.all_fields().map(|field| field.name).collect();
        assert_eq!(names.len(), kind.all_fields().count(), "{}", kind.word);
    }
}

/// A form that takes the example of each field makes a record of every kind.
#[test]
fn every_kind_is_read() {
    let now = Moment::start_of(Day::from_ymd_opt(2011, 3, 18).unwrap());
    let typed = |kind: &RecordKind, name: &str| {
        let field = kind.all_fields().find(|field| field.name == name).unwrap();
        match name {
            _ if !field.words.is_empty() => field.words[0].to_owned(),
            "weekday" | "day_off" | "declared" => "09:00-22:00".to_owned(),
            "publicity" => "abd".to_owned(),
            "evidence" => "form,photos".to_owned(),
            "recipients" => "provider,legal".to_owned(),
            "on" | "until" | "material_on" | "traded_on" | "deadline" | "effective" => "2011-03-02".to_owned(),
            "at" | "entered" => "2011-03-02T09:00".to_owned(),
            "month" => "2011-02".to_owned(),
            _ => "12".to_owned(),
        }
    };
    for kind in KINDS.iter().chain(FORMS) {
        let read = kind.read(&|name| typed(kind, name), now, &|_| "P1".parse().ok());
        assert!(read.is_ok(), "{}: {read:?}", kind.word);
        for field in kind.all_fields().filter(|field| field.required) {
            let blank = |name: &str| if name == field.name { String::new() } else { typed(kind, name) };
            let refused = kind.read(&blank, now, &|_| "P1".parse().ok());
            let missing = RecordError::Refused(Refusal::Missing { field: field.name });
            assert_eq!(refused, Err(missing), "{} {}", kind.word, field.name);
        }
    }
}

#[test]
fn what_no_field_takes_is_named() {
    let now = Moment::start_of(Day::from_ymd_opt(2011, 3, 18).unwrap());
    let read = |word: &str, name: &'static str, value: &str| {
        let kind = RecordKind::of(word).unwrap();
        let typed = |asked: &str| if asked == name { value.to_owned() } else { String::new() };
        match kind.read(&typed, now, &|_| "P1".parse().ok()) {
            Err(RecordError::Field { name, value, .. }) => (name, value),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(read("applied", "provider_id", "P 1").0, "provider_id");
    assert_eq!(read("outlet-signed", "party", "platfrom"), ("party", "platfrom".to_owned()));
    let kind = RecordKind::of("checked-service-hours").unwrap();
    for bad in ["9-22", "22:00-09:00", "09:00-25:00", "09:61-10:00"] {
        let typed = |name: &str| match name {
            "provider_id" => "P1".to_owned(),
            "on" => String::new(),
            "weekday" => bad.to_owned(),
            _ => "10:00-18:00".to_owned(),
        };
        let refused = kind.read(&typed, now, &|_| None);
        assert!(matches!(refused, Err(RecordError::Field { name: "weekday", .. })), "{bad}: {refused:?}");
    }
}
