use super::*;
use crate::multilinear::tests::sample_ext;
use crate::permutation::{permute_16, permute_24};

/// The tables, present ones and all, with these numbers of rows of hash tables; cells that
/// section 14 does not speak of are 7.
fn tables(rows: [usize; 7]) -> (Vec<TableShape>, Vec<Table>) {
    let mut shapes = Vec::new();
    let mut trace = Vec::new();
    for table in TableId::ALL {
        let Some(hash) = HashTable::of(table) else {
            trace.push(Table {
                num_rows: 0,
                columns: Vec::new(),
            });
            continue;
        };
        let num_rows = rows[hash.number as usize];
        let mut columns = vec![vec![Felt::new(7); num_rows]; table.num_columns()];
        let inputs = (0..num_rows as u64).map(|row| {
            let input = |j: u64| Felt::new(91 * row + j).pow(5);
            (0..hash.input.len() as u64).map(input).collect()
        });
        for (row, input) in inputs.enumerate() {
            let input: Vec<Felt> = input;
            let (s, y) = hash.permutation(&input);
            let cells = (hash.input.clone().zip(input))
                .chain(hash.s.clone().zip(s))
                .chain(hash.y.clone().zip(y));
            for (column, value) in cells {
                columns[column][row] = value;
            }
        }
        if num_rows > 0 {
            shapes.push(TableShape {
                table,
                rows: num_rows,
                columns: table.num_columns(),
            });
        }
        trace.push(Table { num_rows, columns });
    }
    (shapes, trace)
}

fn prove_and_verify(
    shapes: &[TableShape],
    trace: &[Table],
    waived: Option<usize>,
) -> Result<(), Error> {
    let point = sample_ext(1, 12);
    let mut transcript = ProverTranscript::new(false);
    let proved = prove(shapes, trace, &point, &mut transcript);
    let (elements, _) = transcript.finish();
    let words: Vec<u32> = elements.iter().map(|element| element.value()).collect();
    let mut transcript = VerifierTranscript::new(&words, false);
    let claims = verify_without(shapes, &point, waived, &mut transcript)?;
    transcript.finish()?;
    assert_eq!(claims, proved);
    for (claims, shape) in claims.tables.iter().zip(shapes) {
        let hash = HashTable::of(claims.table).unwrap();
        let columns = &trace[claims.table.index()].columns;
        let log_height = shape.log_height() as usize;
        let at = |point: &SkipPoint, range: Range<usize>| -> Vec<Ext> {
            let kernel = point.kernel(log_height);
            let value = |column: &Vec<Felt>| inner_product(&lift(column), &kernel);
            columns[range].iter().map(value).collect()
        };
        assert_eq!(claims.s, at(&proved.s_point, hash.s));
        assert_eq!(claims.input, at(&proved.input_point, hash.input));
    }
    Ok(())
}

#[test]
fn the_layers_are_those_of_the_permutation() {
    let input: Vec<Felt> = (1..25).map(|x| Felt::new(x).pow(9)).collect();
    let mut states = (
        core::array::from_fn(|i| input[i]),
        core::array::from_fn(|i| input[i]),
    );
    permute_16(&mut states.0);
    permute_24(&mut states.1);
    for (table, input, expected) in [
        (TableId::Poseidon16, &input[..16], &states.0[..]),
        (TableId::Poseidon24, &input[..], &states.1[..]),
        (TableId::Poseidon16Halves, &input[..16], &states.0[..4]),
    ] {
        let hash = HashTable::of(table).unwrap();
        let (s, y) = hash.permutation(input);
        assert_eq!(y, expected);
        assert_eq!(hash.outputs(input, &s), expected);
    }
}

#[test]
fn rows_of_zeros_without_activity_have_layers_of_zeros() {
    let hash = HashTable::of(TableId::Poseidon16).unwrap();
    let zeros = [Felt::ZERO; 20];
    let layers = hash.layers(&zeros[..16], &zeros, Felt::ZERO);
    assert!(layers.concat().iter().all(|value| *value == Felt::ZERO));
}

#[test]
fn permutations_of_tables_of_all_heights_are_proved() {
    for rows in [
        [1, 0, 0, 0, 0, 0, 0],
        [0, 9, 0, 3, 0, 0, 1],
        [8, 1, 17, 2, 5, 0, 9],
        [0, 0, 0, 16, 0, 3, 0],
    ] {
        let (shapes, trace) = tables(rows);
        prove_and_verify(&shapes, &trace, None).unwrap();
    }
    assert_eq!(prove_and_verify(&[], &tables([0; 7]).1, None), Ok(()));
}

/// The layer that refuses a false cell alone: it is false nowhere else.
#[test]
fn a_false_cell_is_refused_by_one_layer() {
    let (shapes, honest) = tables([0, 9, 0, 3, 3, 0, 0]);
    for table in [
        TableId::Poseidon16,
        TableId::Poseidon16Halves,
        TableId::ChainStep,
    ] {
        let hash = HashTable::of(table).unwrap();
        for column in (hash.s.start..hash.y.end).step_by(5) {
            let mut trace = honest.clone();
            let columns = &mut trace[table.index()].columns;
            columns[column][2] += Felt::ONE;
            let layer = if hash.y.contains(&column) { 7 } else { MIDDLE };
            if layer == MIDDLE {
                // The outputs are those of the false S-box.
                let cells = |range: &Range<usize>| -> Vec<Felt> {
                    range.clone().map(|column| columns[column][2]).collect()
                };
                let (input, s) = (cells(&hash.input), cells(&hash.s));
                for (column, value) in hash.y.clone().zip(hash.outputs(&input, &s)) {
                    columns[column][2] = value;
                }
            }
            let error = prove_and_verify(&shapes, &trace, None).unwrap_err();
            assert_eq!(error.rejection, Rejection::PoseidonLayer);
            let refused_by = format!("layer {layer}:");
            assert!(error.detail.starts_with(&refused_by), "{}", error.detail);
            assert_eq!(prove_and_verify(&shapes, &trace, Some(layer)), Ok(()));
        }
    }
}

#[test]
fn points_have_the_extensions_of_their_tables() {
    let values = sample_ext(4, 9);
    for (z, value) in lagrange(Ext::from(Felt::new(1))).iter().enumerate() {
        assert_eq!(*value, if z == 0 { Ext::ONE } else { Ext::ZERO });
    }
    let skip = SkipPoint {
        y: values[..4].to_vec(),
        z: values[4],
    };
    for log_height in [3, 5, 7] {
        let kernel = skip.kernel(log_height);
        let point = &sample_ext(5, log_height);
        assert_eq!(skip.kernel_at(point), evaluate(&kernel, point));
        for rows in 0..=1 << log_height {
            let ones = vec![Felt::ONE; rows];
            assert_eq!(
                skip.activity(rows, log_height),
                skip.evaluate(&ones, log_height)
            );
        }
    }
}
