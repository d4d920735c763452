//! The part of JSON Schema that `vectors/schema.json` uses: type, required, properties,
//! additionalProperties, items, enum, const, minimum, maximum, oneOf, and $ref into `$defs`.

use serde_json::Value;

/// Where a document breaks the schema.
#[must_use]
pub fn violations(schema: &Value, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, document, "$", &mut found);
    found
}

fn is_type(name: &str, document: &Value) -> bool {
    match name {
        "object" => document.is_object(),
        "array" => document.is_array(),
        "string" => document.is_string(),
        "integer" => document.is_u64() || document.is_i64(),
        "null" => document.is_null(),
        _ => false,
    }
}

fn check(root: &Value, schema: &Value, document: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or(&Value::Null);
        if target.is_null() {
            found.push(format!(
                "{place}: the schema refers to {reference}, which it does not have"
            ));
        }
        check(root, target, document, place, found);
    }
    if let Some(name) = schema["type"].as_str()
        && !is_type(name, document)
    {
        found.push(format!("{place}: not of type {name}"));
    }
    if let Some(list) = schema["enum"].as_array()
        && !list.contains(document)
    {
        found.push(format!("{place}: not one of {list:?}"));
    }
    if let Some(constant) = schema.get("const")
        && constant != document
    {
        found.push(format!("{place}: not {constant}"));
    }
    if let (Some(maximum), Some(number)) = (schema["maximum"].as_u64(), document.as_u64())
        && number > maximum
    {
        found.push(format!("{place}: above {maximum}"));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fitting = choices.iter().filter(|choice| {
            let mut inner = Vec::new();
            check(root, choice, document, place, &mut inner);
            inner.is_empty()
        });
        let count = fitting.count();
        if count != 1 {
            found.push(format!("{place}: fits {count} of the choices"));
        }
    }
    if let Some(object) = document.as_object() {
        check_object(root, schema, object, place, found);
    }
    if let (Some(items), Some(list)) = (schema.get("items"), document.as_array()) {
        for (i, item) in list.iter().enumerate() {
            check(root, items, item, &format!("{place}[{i}]"), found);
        }
    }
}

fn check_object(
    root: &Value,
    schema: &Value,
    object: &serde_json::Map<String, Value>,
    place: &str,
    found: &mut Vec<String>,
) {
    for name in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !object.contains_key(name) {
            found.push(format!("{place}: `{name}` is missing"));
        }
    }
    for (name, value) in object {
        let inner = format!("{place}.{name}");
        match (
            schema["properties"].get(name),
            schema.get("additionalProperties"),
        ) {
            (Some(property), _) => check(root, property, value, &inner, found),
            (None, Some(Value::Bool(false))) => found.push(format!("{inner}: not in the schema")),
            (None, Some(other)) if other.is_object() => check(root, other, value, &inner, found),
            _ => {}
        }
    }
}
