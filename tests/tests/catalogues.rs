//! The words of both languages: as many files, keys and variables here as there, nothing untranslated, nothing unused.

mod tree;

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use regex::Regex;
use tree::{files, read};

const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

/// Names, units and abbreviations that are the same in both languages.
const SAME_IN_BOTH: &[&str] = &["app-name"];

/// A message: its variables, and its words without them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Message {
    variables: BTreeSet<String>,
    words: String,
}

/// All messages of a language by file and key.
fn catalogue(language: &str) -> BTreeMap<(String, String), Message> {
    let folder = format!("locales/{language}");
    let mut messages = BTreeMap::new();
    for file in files(&folder, &[".ftl"]) {
        let name = file.trim_start_matches(&folder).trim_start_matches('/').to_owned();
        let text = read(&file);
        let resource = fluent_syntax::parser::parse(text.as_str())
            .unwrap_or_else(|(_, errors)| panic!("{file} is no Fluent: {errors:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut seen = Message::default();
            let patterns = message.value.iter().chain(message.attributes.iter().map(|attribute| &attribute.value));
            patterns.for_each(|pattern| read_pattern(pattern, &mut seen));
            let key = (name.clone(), message.id.name.to_owned());
            assert!(messages.insert(key, seen).is_none(), "{file} has {} twice", message.id.name);
        }
    }
    assert!(messages.len() > 20, "{language} has hardly a word");
    messages
}

fn read_pattern(pattern: &Pattern<&str>, message: &mut Message) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => message.words.push_str(value),
            PatternElement::Placeable { expression } => read_expression(expression, message),
        }
    }
}

fn read_expression(expression: &Expression<&str>, message: &mut Message) {
    match expression {
        Expression::Inline(inline) => read_inline(inline, message),
        Expression::Select { selector, variants } => {
            read_inline(selector, message);
            variants.iter().for_each(|variant| read_pattern(&variant.value, message));
        }
    }
}

fn read_inline(inline: &InlineExpression<&str>, message: &mut Message) {
    match inline {
        InlineExpression::VariableReference { id } => drop(message.variables.insert(id.name.to_owned())),
        InlineExpression::Placeable { expression } => read_expression(expression, message),
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| read_inline(argument, message));
        }
        _ => {}
    }
}

#[test]
fn both_languages_have_the_same_files_and_keys() {
    let [english, chinese] = LANGUAGES.map(|language| catalogue(language).into_keys().collect::<BTreeSet<_>>());
    assert_eq!(english.difference(&chinese).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "missing in Chinese");
    assert_eq!(chinese.difference(&english).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "missing in English");
}

#[test]
fn a_key_stands_in_one_file_only() {
    // Window and terminal read several files into one bundle, where the later would hide the earlier.
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, key) in catalogue("en").into_keys() {
        places.entry(key).or_default().push(file);
    }
    places.retain(|_, files| files.len() > 1);
    assert_eq!(places, BTreeMap::new());
}

#[test]
fn a_message_has_the_same_variables_in_both_languages() {
    let [english, chinese] = LANGUAGES.map(catalogue);
    for (key, message) in english {
        let Some(other) = chinese.get(&key) else { continue };
        assert_eq!(message.variables, other.variables, "{key:?}");
    }
}

#[test]
fn every_sentence_is_translated() {
    let [english, chinese] = LANGUAGES.map(catalogue);
    for ((file, key), message) in english {
        let Some(other) = chinese.get(&(file.clone(), key.clone())) else { continue };
        let speaks = message.words.chars().any(char::is_alphabetic);
        let translated = message.words != other.words || !speaks || SAME_IN_BOTH.contains(&key.as_str());
        assert!(translated, "{file}: {key} reads the same in both languages: {}", message.words);
    }
}

#[test]
fn english_speaks_no_chinese() {
    for (key, message) in catalogue("en") {
        let foreign = message.words.chars().find(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
        assert!(foreign.is_none() || key.1.starts_with("language-"), "{key:?}: {}", message.words);
    }
}

/// The program's sources, in one text.
fn sources() -> String {
    let rust = ["crates/core/src", "crates/engine/src", "crates/quay/src", "src-tauri/src"];
    let rust = rust.iter().flat_map(|folder| files(folder, &[".rs"]));
    let page = files("ui/src", &[".ts", ".svelte"]).into_iter().filter(|file| !file.contains(".test."));
    rust.chain(page).map(|file| read(&file)).collect::<Vec<_>>().join("\n")
}

fn keys() -> BTreeSet<String> {
    catalogue("en").into_keys().map(|(_, key)| key).collect()
}

#[test]
fn every_key_that_is_asked_for_exists() {
    let keys = keys();
    let sources = sources();
    // say("key"), say(language, "key"), t('key'), t(`key`): the first text of the call.
    let calls =
        Regex::new(r#"\b(?:say|t)\(\s*(?:[\w.()]+,\s*)?["'`]([a-z][\w-]*)(["'`]|\$\{|\{)"#).expect("our own pattern");
    let mut asked = 0;
    for call in calls.captures_iter(&sources) {
        asked += 1;
        let known = match &call[2] {
            // A key that ends in a code: some key must begin so.
            "${" | "{" => keys.iter().any(|key| key.starts_with(&call[1])),
            _ => keys.contains(&call[1]),
        };
        assert!(known, "nothing is said for `{}`", &call[0]);
    }
    assert!(asked > 20, "the calls are no longer understood: {asked} found");
}

#[test]
fn every_key_is_asked_for() {
    let sources = sources();
    let literals = Regex::new(r#"["'`]([a-z][\w-]*?-?)(["'`]|\$\{|\{)"#).expect("our own pattern");
    let (mut whole, mut prefixes) = (BTreeSet::new(), BTreeSet::new());
    for literal in literals.captures_iter(&sources) {
        let list = if literal[2].ends_with('{') { &mut prefixes } else { &mut whole };
        list.insert(literal[1].to_owned());
    }
    prefixes.retain(|prefix| prefix.ends_with('-'));
    let unused: Vec<String> = keys()
        .into_iter()
        .filter(|key| !whole.contains(key) && !prefixes.iter().any(|prefix| key.starts_with(prefix)))
        .collect();
    assert_eq!(unused, [""; 0], "nobody says these");
}
