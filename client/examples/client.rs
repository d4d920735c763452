//! A client of the library from keys to a verified aggregate: `cargo run --release -p leanvm-client
//! --example client`.
//!
//! The signers make keys and sign a message for a slot. An aggregator makes one proof of the
//! signatures and writes its bytes to a verifier, which is another process (this program with the
//! argument `verify`). The verifier has its own list of public keys, and is all that a build
//! without the feature `prover` needs.

use std::error::Error;
use std::io::{Read, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use leanvm_client::{
    Aggregate, AggregationOptions, Message, PublicKey, SecretKey, Seed, Signature, aggregate,
    verify_aggregate,
};

const SLOT: u32 = 1000;
const MESSAGE: &[u8] = b"the root of block 1000";
const SIGNERS: usize = 4;

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hexadecimal: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let (pairs, rest) = hexadecimal.as_bytes().as_chunks::<2>();
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let byte = |&[high, low]: &[u8; 2]| u8::try_from(digit(high)? << 4 | digit(low)?).ok();
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    let bytes = bytes.filter(|_| rest.is_empty());
    Ok(bytes.ok_or("not pairs of hexadecimal digits")?)
}

/// A signer: a secret key, active for a few slots, and what it gives away.
fn sign(message: &Message) -> Result<(PublicKey, Signature), Box<dyn Error>> {
    let mut key = SecretKey::generate(u64::from(SLOT) - 2..u64::from(SLOT) + 2, Seed::random()?)?;
    let signature = key.sign(SLOT, message)?;
    Ok((*key.public_key(), signature))
}

/// The aggregator.
fn aggregator() -> Result<(), Box<dyn Error>> {
    let message = Message::from_bytes(MESSAGE)?;
    let signatures = (0..SIGNERS)
        .map(|_| sign(&message))
        .collect::<Result<Vec<_>, _>>()?;
    println!(
        "{SIGNERS} signatures, {} bytes",
        SIGNERS * signatures[0].1.to_bytes().len()
    );

    // A signature that is not valid is named before any work is done.
    let mut broken = signatures.clone();
    broken[2].1.randomness = broken[1].1.randomness;
    match aggregate(&message, SLOT, &broken, &AggregationOptions::default()) {
        Ok(_) => return Err("a broken signature was aggregated".into()),
        Err(error) => println!("as it should be: {error}"),
    }

    let start = Instant::now();
    let options = AggregationOptions::default().log_inv_rate(2);
    let aggregate = aggregate(&message, SLOT, &signatures, &options)?;
    let proof = aggregate.to_bytes();
    println!("aggregate: {} bytes in {:?}", proof.len(), start.elapsed());

    // The keys travel as arguments here; a verifier of a real network knows them already.
    let keys = signatures
        .iter()
        .map(|(key, _)| hexadecimal(&key.to_bytes()));
    let mut verifier = Command::new(std::env::current_exe()?)
        .arg("verify")
        .args(keys)
        .stdin(Stdio::piped())
        .spawn()?;
    verifier
        .stdin
        .take()
        .ok_or("the verifier has no input")?
        .write_all(&proof)?;
    let status = verifier.wait()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the verifier ended with {status}").into())
    }
}

/// The verifier: the aggregate comes over standard input.
fn verify(keys: &[String]) -> Result<(), Box<dyn Error>> {
    let keys = keys
        .iter()
        .map(|key| Ok(PublicKey::from_bytes(&bytes(key)?)?))
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let mut received = Vec::new();
    std::io::stdin().read_to_end(&mut received)?;
    let aggregate = Aggregate::from_bytes(&received)?;
    let message = Message::from_bytes(MESSAGE)?;
    let start = Instant::now();
    verify_aggregate(&message, SLOT, &keys, &aggregate)?;
    println!("verified {} signers in {:?}", keys.len(), start.elapsed());
    if verify_aggregate(&message, SLOT + 1, &keys, &aggregate).is_ok() {
        return Err("verified for another slot".into());
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.split_first() {
        None => aggregator(),
        Some((first, keys)) if first == "verify" => verify(keys),
        Some(_) => Err("usage: client".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
