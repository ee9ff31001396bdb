//! Copies come back as they were, and what is not right in every respect counts as none: damaged copies, changed files, full disks.

use std::fs::File;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::*;
use crate::data::{datasets, difference};

/// A folder with a table of so many rows and a shelf.
struct World {
    folder: tempfile::TempDir,
    shelf: Shelf,
    path: PathBuf,
}

fn table(rows: usize, word: &str) -> String {
    let row = |row: usize| format!("{row},2024-01-{:02},{},{word} {}\n", row % 28 + 1, row % 7, row * row);
    std::iter::once("id,date,killed,note\n".to_owned()).chain((0..rows).map(row)).collect()
}

/// Waits until the times of a file that was just written to can be believed.
fn settle() {
    std::thread::sleep(Duration::from_millis(80));
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(&folder.path().join("cache")).with_limits(0, u64::MAX);
        let path = folder.path().join("events.csv");
        std::fs::write(&path, table(300, "convoy")).unwrap();
        settle();
        Self { folder, shelf, path }
    }

    fn open_as(&self, path: &Path, options: &Options) -> Result<Opened, LoadError> {
        let input = Input::Path(path.to_owned());
        open(&input, options, Some(&self.shelf), &mut |_| {}, &Cancel::default(), &Progress::default())
    }

    fn open(&self) -> Opened {
        self.open_as(&self.path, &Options::default()).unwrap()
    }

    /// Opens it so that there is a copy, and hands out its folder.
    fn kept(&self) -> (Dataset, PathBuf) {
        let opened = self.open();
        let After::Keep(place) = &opened.after else { panic!("not to be kept: {:?}", opened.after) };
        let outcome = opened.after.run(&opened.dataset, &Cancel::default());
        assert!(matches!(outcome, Outcome::Kept(_)), "{outcome:?}");
        (opened.dataset, place.folder())
    }

    fn copies(&self) -> usize {
        std::fs::read_dir(&self.shelf.folder).map_or(0, Iterator::count)
    }
}

fn words_of(dataset: &Dataset) -> String {
    dataset.records.fields().iter().filter_map(|info| dataset.records.display(info.field, 0)).collect()
}

fn is_copy(opened: &Opened) -> bool {
    matches!(opened.after, After::Check(_))
}

fn run(opened: &Opened) -> Outcome {
    opened.after.run(&opened.dataset, &Cancel::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_dataset_comes_back_from_its_files(dataset in datasets()) {
        let folder = tempfile::tempdir().unwrap();
        let written = files::write_arrays(folder.path(), dataset.to_plain(), &Cancel::default()).unwrap();
        files::write_about(folder.path(), written, "content".to_owned(), false).unwrap();
        let sheet = files::read_sheet(folder.path()).unwrap();
        prop_assert_eq!(sheet.texts.fit_file(&folder.path().join(TEXTS), &Cancel::default()).unwrap(), Some(true));
        let back = sheet.open(folder.path()).unwrap();
        prop_assert_eq!(difference(&dataset, &back), None);
    }

    #[test]
    fn a_flipped_byte_is_noticed(which in 0..3_usize, place in any::<prop::sample::Index>(), bits in 1..=255_u8) {
        static WORLD: std::sync::OnceLock<(World, Dataset, PathBuf)> = std::sync::OnceLock::new();
        let (_, dataset, kept) = WORLD.get_or_init(|| {
            let world = World::new();
            let (dataset, kept) = world.kept();
            (world, dataset, kept)
        });
        let copy = tempfile::tempdir().unwrap();
        for file in ["about.json", "columns.arrow", TEXTS] {
            std::fs::copy(kept.join(file), copy.path().join(file)).unwrap();
        }
        let file = copy.path().join(["about.json", "columns.arrow", TEXTS][which]);
        let mut bytes = std::fs::read(&file).unwrap();
        let at = place.index(bytes.len());
        bytes[at] ^= bits;
        std::fs::write(&file, bytes).unwrap();
        if let Ok(sheet) = files::read_sheet(copy.path()) {
            let texts = sheet.texts.clone();
            if let Ok(back) = sheet.open(copy.path()) {
                // Only a text may be wrong, which is found behind the first picture.
                let _ = difference(dataset, &back);
                prop_assert_eq!(texts.fit_file(&copy.path().join(TEXTS), &Cancel::default()).unwrap(), Some(false));
            }
        }
    }
}

#[test]
fn a_file_that_was_read_comes_from_its_copy_with_its_hash() {
    let world = World::new();
    let (first, _) = world.kept();
    let again = world.open();
    assert!(is_copy(&again));
    assert_eq!(difference(&first, &again.dataset), None);
    assert_eq!(first.origin, again.dataset.origin);
    assert!(again.dataset.origin.sha256.is_known() && again.dataset.generation > first.generation);
    assert!(again.after.is_copy_right());
    assert_eq!(run(&again), Outcome::Fine);
    assert!(is_copy(&world.open()));
}

#[test]
fn a_copy_cut_short_anywhere_is_made_anew() {
    let world = World::new();
    let (first, kept) = world.kept();
    for name in ["about.json", "columns.arrow", TEXTS] {
        let mut len = 1;
        while len < std::fs::metadata(kept.join(name)).unwrap().len() {
            File::options().write(true).open(kept.join(name)).unwrap().set_len(len).unwrap();
            let again = world.open();
            assert!(!is_copy(&again), "{name} of {len} bytes");
            assert_eq!(difference(&first, &again.dataset), None);
            assert!(matches!(run(&again), Outcome::Kept(_)));
            len *= 2;
        }
        std::fs::remove_file(kept.join(name)).unwrap();
        let again = world.open();
        assert!(!is_copy(&again) && matches!(run(&again), Outcome::Kept(_)));
    }
}

#[test]
fn a_wrong_letter_is_found_behind_the_first_picture() {
    let world = World::new();
    let (_, kept) = world.kept();
    let mut bytes = std::fs::read(kept.join(TEXTS)).unwrap();
    let at = bytes.windows(6).position(|window| window == b"convoy").unwrap();
    bytes[at] = b'C';
    std::fs::write(kept.join(TEXTS), bytes).unwrap();
    let again = world.open();
    assert!(is_copy(&again));
    assert_eq!(run(&again), Outcome::Damaged);
    assert!(!again.after.is_copy_right() || !kept.exists());
    assert!(!is_copy(&world.open()));
}

#[test]
fn other_content_of_the_same_size_and_time_is_never_taken_for_the_copy() {
    let world = World::new();
    world.kept();
    let time = std::fs::metadata(&world.path).unwrap().modified().unwrap();
    std::fs::write(&world.path, table(300, "Convoy")).unwrap();
    File::options().write(true).open(&world.path).unwrap().set_modified(time).unwrap();
    settle();
    let again = world.open();
    assert!(!is_copy(&again));
    assert!(words_of(&again.dataset).contains("Convoy"));
}

#[test]
fn content_that_differs_between_the_places_looked_at_is_compared_as_a_whole() {
    let world = World::new();
    // Larger than all samples together, so that most of it is looked at by nobody.
    std::fs::write(&world.path, table(200_000, "convoy")).unwrap();
    settle();
    world.kept();
    let mut bytes = std::fs::read(&world.path).unwrap();
    // Behind the first place that is looked at, before the second one.
    let at = usize::midpoint(bytes.len() / 63, 64 << 10);
    assert_eq!(sums::samples(&world.path, bytes.len() as u64).unwrap(), {
        let letter = (at..bytes.len()).find(|at| bytes[*at].is_ascii_lowercase()).unwrap();
        bytes[letter] = b'x';
        std::fs::write(&world.path, &bytes).unwrap();
        sums::samples(&world.path, bytes.len() as u64).unwrap()
    });
    settle();
    let again = world.open();
    assert!(!is_copy(&again));
    assert!(matches!(run(&again), Outcome::Kept(_)));
    assert!(is_copy(&world.open()));
}

#[test]
fn a_file_that_was_touched_or_copied_is_found_by_its_content() {
    let world = World::new();
    let (first, _) = world.kept();
    let past = SystemTime::now() - Duration::from_hours(5);
    File::options().write(true).open(&world.path).unwrap().set_modified(past).unwrap();
    settle();
    assert!(is_copy(&world.open()));
    let other = world.folder.path().join("other.csv");
    std::fs::copy(&world.path, &other).unwrap();
    settle();
    let again = world.open_as(&other, &Options::default()).unwrap();
    assert!(is_copy(&again));
    assert_eq!(again.dataset.origin.file_name(), "other.csv");
    assert_eq!((first.origin.counter.as_deref(), again.dataset.origin.counter.as_deref()), (Some("events"), Some("other")));
}

#[test]
fn a_file_that_grew_shrank_or_vanished_is_not_taken_from_its_copy() {
    let world = World::new();
    let (first, _) = world.kept();
    let shown = world.open().dataset;
    for rows in [301, 299] {
        std::fs::write(&world.path, table(rows, "convoy")).unwrap();
        settle();
        let again = world.open();
        assert!(!is_copy(&again));
        assert_eq!(again.dataset.records.len(), rows);
    }
    std::fs::remove_file(&world.path).unwrap();
    assert!(matches!(world.open_as(&world.path, &Options::default()), Err(LoadError::NotFound { .. })));
    world.shelf.clear();
    assert_eq!(difference(&first, &shown), None);
}

#[test]
fn a_file_that_is_still_being_written_to_is_not_kept() {
    let world = World::new();
    std::fs::write(&world.path, table(310, "convoy")).unwrap();
    assert!(matches!(world.open().after, After::Nothing));
    settle();
    let opened = world.open();
    std::fs::write(&world.path, table(311, "convoy")).unwrap();
    assert_eq!(run(&opened), Outcome::Fine);
    assert_eq!(world.copies(), 0);
}

#[test]
fn another_way_of_reading_is_another_copy() {
    let world = World::new();
    world.kept();
    let options = Options { encoding: Some("windows-1252".to_owned()), ..Options::default() };
    let other = world.open_as(&world.path, &options).unwrap();
    assert!(!is_copy(&other));
    assert!(matches!(run(&other), Outcome::Kept(_)));
    assert!(is_copy(&world.open_as(&world.path, &options).unwrap()));
    assert_eq!(world.copies(), 2);
}

#[test]
fn small_files_and_bytes_in_memory_are_not_kept() {
    let mut world = World::new();
    world.shelf = world.shelf.clone().with_limits(1 << 20, u64::MAX);
    assert!(matches!(world.open().after, After::Nothing));
    let input = Input::Bytes { name: "a.csv".to_owned(), bytes: table(10, "x").into_bytes().into() };
    let opened = open(&input, &Options::default(), Some(&world.shelf), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
    assert!(matches!(opened.after, After::Nothing) && opened.sources.is_empty());
}

#[test]
fn a_folder_has_one_copy_of_all_its_files_together() {
    let world = World::new();
    let folder = world.folder.path().join("all");
    std::fs::create_dir(&folder).unwrap();
    for (name, word) in [("a.csv", "convoy"), ("b.csv", "depot")] {
        std::fs::write(folder.join(name), table(200, word).replace("id,", if word == "depot" { "number," } else { "id," })).unwrap();
    }
    std::fs::write(folder.join("read me.md"), "words").unwrap();
    settle();
    let open_with = |beside| world.open_as(&folder, &Options { beside, ..Options::default() }).unwrap();
    let first = open_with(crate::ingest::Beside::Guess);
    assert!(matches!(run(&first), Outcome::Kept(_)));
    let again = open_with(crate::ingest::Beside::Guess);
    assert!(is_copy(&again));
    assert_eq!(difference(&first.dataset, &again.dataset), None);
    assert_eq!((again.dataset.origin.files.len(), again.sources.len(), run(&again)), (2, 2, Outcome::Fine));
    assert!(again.dataset.issues.counts.contains_key(&crate::data::IssueKind::FilePassedOver));
    assert!(!is_copy(&open_with(crate::ingest::Beside::Apart)), "another way to put them together is another copy");
    let plain = Options { preset: Some("table".to_owned()), ..Options::default() };
    let of_one = world.open_as(&folder, &Options::default().with_file("b.csv", &plain)).unwrap();
    assert!(!is_copy(&of_one), "another way to read one of them is another copy");
    // One of the files says something else now.
    std::fs::write(folder.join("b.csv"), table(200, "harbour")).unwrap();
    settle();
    let changed = open_with(crate::ingest::Beside::Guess);
    assert!(!is_copy(&changed));
    assert!(matches!(run(&changed), Outcome::Kept(_)));
}

#[test]
fn two_programs_at_once_do_not_hurt_each_other() {
    let world = World::new();
    let (one, other) = (world.open(), world.open());
    std::thread::scope(|scope| {
        let other = scope.spawn(|| run(&other));
        assert!(matches!(run(&one), Outcome::Kept(_)));
        assert!(matches!(other.join().unwrap(), Outcome::Kept(_)));
    });
    assert_eq!(world.copies(), 1);
    let again = world.open();
    assert!(is_copy(&again));
    // What one program shows stays readable when another clears the shelf.
    assert!(world.shelf.clear() > 0);
    assert_eq!(difference(&one.dataset, &again.dataset), None);
    assert_eq!(run(&again), Outcome::Fine);
    assert_eq!(world.copies(), 0);
}

#[test]
fn the_copies_not_used_for_longest_make_way() {
    let mut world = World::new();
    let mut paths = Vec::new();
    for (number, word) in ["one", "two", "six"].iter().enumerate() {
        let path = world.folder.path().join(format!("{number}.csv"));
        std::fs::write(&path, table(3_000, word)).unwrap();
        paths.push(path);
    }
    settle();
    let open = |world: &World, path: &Path| world.open_as(path, &Options::default()).unwrap();
    let Outcome::Kept(bytes) = run(&open(&world, &paths[0])) else { panic!() };
    settle();
    assert!(matches!(run(&open(&world, &paths[1])), Outcome::Kept(_)));
    settle();
    assert!(is_copy(&open(&world, &paths[0])));
    // Room for two copies with all that is in them, but not for three.
    world.shelf = world.shelf.clone().with_limits(0, 2 * bytes + bytes / 2 + 40_000);
    assert!(matches!(run(&open(&world, &paths[2])), Outcome::Kept(_)));
    let is_there: Vec<bool> = paths.iter().map(|path| is_copy(&open(&world, path))).collect();
    assert_eq!(is_there, [true, false, true]);
    // What is larger than everything allowed is not kept, and nothing makes way for it.
    world.shelf = world.shelf.clone().with_limits(0, 10);
    let outcome = run(&open(&world, &paths[1]));
    assert!(matches!(&outcome, Outcome::NotKept(_, why) if why.contains("room")), "{outcome:?}");
    assert_eq!(world.copies(), 2);
}

#[test]
fn a_shelf_that_cannot_be_written_to_is_no_error_but_is_told() {
    let mut world = World::new();
    let file = world.folder.path().join("in the way");
    std::fs::write(&file, "").unwrap();
    world.shelf = Shelf::new(&file).with_limits(0, u64::MAX);
    let opened = world.open();
    assert_eq!(opened.dataset.records.len(), 300);
    let outcome = run(&opened);
    assert!(matches!(&outcome, Outcome::NotKept(folder, why) if folder.starts_with(&file) && !why.is_empty()), "{outcome:?}");
    assert_eq!(world.shelf.clear(), 0);
}

#[test]
fn cancelling_leaves_nothing_behind() {
    let world = World::new();
    let opened = world.open();
    let cancel = Cancel::default();
    cancel.cancel();
    assert_eq!(opened.after.run(&opened.dataset, &cancel), Outcome::Fine);
    assert_eq!(world.copies(), 0);
}

#[test]
fn what_others_put_beside_copies_is_left_alone() {
    let world = World::new();
    world.kept();
    std::fs::write(world.shelf.folder.join("notes.txt"), "mine").unwrap();
    std::fs::create_dir(world.shelf.folder.join("pictures")).unwrap();
    world.shelf.clear();
    assert_eq!(world.copies(), 2);
}
