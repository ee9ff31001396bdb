//! How many cells a workbook asks for, of those formats whose reader lays out every cell between the used ones: a file of a few
//! kilobytes with two cells in opposite corners asks for gigabytes. It knows nothing of what is in the cells.

/// So many cells may be laid out, of all sheets together; each takes some thirty bytes.
pub(super) const LAID_OUT_MAX: u64 = 32 << 20;

/// The cells of an XLS file; `None` when it is built otherwise than they are.
/// Formats: [MS-CFB] compound file, [MS-XLS] records.
pub(super) fn xls_cells(file: &[u8]) -> Option<u64> {
    let stream = Compound::open(file)?.workbook()?;
    let (mut all, mut corner) = (0_u64, (0_u64, 0_u64));
    let mut rest = stream.as_slice();
    while let Some(kind) = u16_at(rest, 0) {
        let length = usize::from(u16_at(rest, 2)?);
        let Some(data) = rest.get(4..4 + length) else { break };
        let column = match kind {
            // Formula, text, number, truth or error, text of the shared table, number in short.
            0x0006 | 0x0203 | 0x0204 | 0x0205 | 0x00D6 | 0x00FD | 0x027E => u16_at(data, 2),
            // Several numbers in short: the last column stands at the end.
            0x00BD => u16_at(data, length.saturating_sub(2)),
            // A sheet begins.
            0x0009 | 0x0209 | 0x0409 | 0x0809 => {
                all += corner.0 * corner.1;
                corner = (0, 0);
                None
            }
            _ => None,
        };
        if let (Some(row), Some(column)) = (u16_at(data, 0), column) {
            corner = (corner.0.max(u64::from(row) + 1), corner.1.max(u64::from(column) + 1));
        }
        rest = rest.get(4 + length..).unwrap_or_default();
    }
    Some(all + corner.0 * corner.1)
}

/// Does a chain of sectors of an XLS file come back to itself? Whoever followed it would never end.
pub(super) fn xls_goes_round(file: &[u8]) -> bool {
    Compound::open(file).is_some_and(|compound| compound.goes_round().unwrap_or(false))
}

/// The cells of an ODS file, by its `content.xml`: rows and cells say how often they are repeated.
pub(super) fn ods_cells(content: &[u8]) -> u64 {
    let (mut all, mut corner) = (0_u64, (0_u64, 0_u64));
    let (mut row, mut row_repeats, mut column) = (0_u64, 0_u64, 0_u64);
    let mut rest = content;
    while let Some(start) = memchr::memchr(b'<', rest) {
        rest = &rest[start + 1..];
        let tag = &rest[..memchr::memchr(b'>', rest).unwrap_or(rest.len())];
        let name = &tag[..tag.iter().position(|byte| matches!(byte, b' ' | b'/' | b'\t' | b'\r' | b'\n')).unwrap_or(tag.len())];
        match name {
            b"table:table" => {
                all = all.saturating_add(corner.0.saturating_mul(corner.1));
                (corner, row, row_repeats) = ((0, 0), 0, 0);
            }
            b"table:table-row" => {
                row = row.saturating_add(row_repeats);
                (row_repeats, column) = (repeats(tag, b"table:number-rows-repeated"), 0);
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                column = column.saturating_add(repeats(tag, b"table:number-columns-repeated"));
                if find(tag, b"value-type").is_some() || find(tag, b"table:formula").is_some() {
                    corner = (corner.0.max(row.saturating_add(row_repeats)), corner.1.max(column));
                }
            }
            _ => {}
        }
    }
    all.saturating_add(corner.0.saturating_mul(corner.1))
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, word)
}

fn repeats(tag: &[u8], attribute: &[u8]) -> u64 {
    let value = find(tag, attribute).and_then(|at| tag.get(at + attribute.len()..)).unwrap_or_default();
    let digits: Vec<u8> = value.iter().copied().skip_while(|byte| !byte.is_ascii_digit()).take_while(u8::is_ascii_digit).collect();
    std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(1)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// A file system within a file: sectors, and for each the number of the next one.
struct Compound<'f> {
    file: &'f [u8],
    sector_bytes: usize,
    next: Vec<u32>,
}

impl<'f> Compound<'f> {
    /// Numbers of sectors from here on mean something else: the end, or nothing.
    const SPECIAL: u32 = 0xFFFF_FFFA;
    const SMALL_SECTOR_BYTES: usize = 64;
    const ENTRY_BYTES: usize = 128;

    fn open(file: &'f [u8]) -> Option<Self> {
        let sector_bytes = 1_usize << u16_at(file, 30).filter(|shift| matches!(shift, 9 | 12))?;
        let mut compound = Self { file, sector_bytes, next: Vec::new() };
        // The first 109 sectors of the table of sectors are named in the header, the others in sectors of their own.
        let mut named: Vec<u32> = (0..109).filter_map(|place| u32_at(file, 76 + 4 * place)).collect();
        let mut more = u32_at(file, 68)?;
        for _ in 0..file.len() / sector_bytes {
            let Some(sector) = compound.sector(more) else { break };
            named.extend((0..sector_bytes / 4 - 1).filter_map(|place| u32_at(sector, 4 * place)));
            more = u32_at(sector, sector_bytes - 4)?;
        }
        let sectors = named.into_iter().filter_map(|number| compound.sector(number));
        compound.next = sectors.flat_map(|sector| (0..sector_bytes / 4).filter_map(|place| u32_at(sector, 4 * place))).collect();
        Some(compound)
    }

    fn sector(&self, number: u32) -> Option<&'f [u8]> {
        let start = (number < Self::SPECIAL).then_some((number as usize + 1) * self.sector_bytes)?;
        self.file.get(start..(start + self.sector_bytes).min(self.file.len())).filter(|sector| !sector.is_empty())
    }

    fn chain(&self, first: u32) -> Vec<u8> {
        let (mut bytes, mut number) = (Vec::new(), first);
        while let Some(sector) = self.sector(number).filter(|_| bytes.len() <= self.file.len()) {
            bytes.extend_from_slice(sector);
            number = self.next.get(number as usize).copied().unwrap_or(u32::MAX);
        }
        bytes
    }

    /// Does any of the chains go round: that of the directory, that of the small sectors and of their numbers, those of the entries? Each
    /// sector is looked at once, however many chains lead to it.
    fn goes_round(&self) -> Option<bool> {
        let (directory, numbers) = (u32_at(self.file, 48)?, u32_at(self.file, 60)?);
        let mut seen = vec![0; self.next.len()];
        if self.ends_nowhere(directory, 1, &mut seen) || self.ends_nowhere(numbers, 2, &mut seen) {
            return Some(true);
        }
        let entries = self.chain(directory);
        let mut firsts = entries.chunks_exact(Self::ENTRY_BYTES).filter_map(|entry| u32_at(entry, 116)).zip(3..);
        Some(firsts.any(|(first, walk)| self.ends_nowhere(first, walk, &mut seen)))
    }

    /// Follows a chain; `seen` has for each sector the number of the walk that came there first.
    fn ends_nowhere(&self, first: u32, walk: u32, seen: &mut [u32]) -> bool {
        let mut number = first;
        while self.sector(number).is_some() {
            let (Some(next), Some(seen)) = (self.next.get(number as usize), seen.get_mut(number as usize)) else { return false };
            if *seen != 0 {
                // What another walk has left behind does not go round.
                return *seen == walk;
            }
            (*seen, number) = (walk, *next);
        }
        false
    }

    /// The stream in which the workbook is.
    fn workbook(&self) -> Option<Vec<u8>> {
        let directory = self.chain(u32_at(self.file, 48)?);
        let entries: Vec<&[u8]> = directory.chunks_exact(Self::ENTRY_BYTES).collect();
        let name = |entry: &[u8]| -> Vec<u8> { entry[..64].iter().copied().step_by(2).take_while(|byte| *byte != 0).collect() };
        let entry =
            entries.iter().find(|entry| name(entry) == b"Workbook").or_else(|| entries.iter().find(|entry| name(entry) == b"Book"))?;
        let (first, bytes) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
        if bytes >= u32_at(self.file, 56)? as usize {
            let mut stream = self.chain(first);
            stream.truncate(bytes);
            return Some(stream);
        }
        let small = self.chain(u32_at(entries.first()?, 116)?);
        let next = self.chain(u32_at(self.file, 60)?);
        let (mut stream, mut number) = (Vec::new(), first as usize);
        while let Some(sector) = small.get(number * Self::SMALL_SECTOR_BYTES..).filter(|_| stream.len() < bytes) {
            stream.extend_from_slice(&sector[..sector.len().min(Self::SMALL_SECTOR_BYTES)]);
            number = u32_at(&next, number.checked_mul(4)?).map_or(usize::MAX >> 8, |number| number as usize);
        }
        stream.truncate(bytes);
        Some(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u16]) -> Vec<u8> {
        [kind, data.len() as u16 * 2].iter().chain(data).flat_map(|word| word.to_le_bytes()).collect()
    }

    /// A compound file whose only stream is a workbook of these records.
    fn compound(records: &[Vec<u8>]) -> Vec<u8> {
        let mut stream = records.concat();
        stream.resize(stream.len().max(4_096).next_multiple_of(512), 0);
        let sectors = stream.len() / 512;
        let mut header = vec![0_u8; 512];
        let mut put = |at: usize, value: u32| header[at..at + 4].copy_from_slice(&value.to_le_bytes());
        put(30, 9);
        put(48, 1);
        put(56, 4_096);
        put(60, u32::MAX);
        put(68, u32::MAX);
        (0..109).for_each(|place| put(76 + 4 * place, if place == 0 { 0 } else { u32::MAX }));
        let links = (0..128_u32).map(|number| match number {
            0 | 1 => 0xFFFF_FFFE,
            _ if number as usize == sectors + 1 => 0xFFFF_FFFE,
            _ => number + 1,
        });
        let table: Vec<u8> = links.flat_map(u32::to_le_bytes).collect();
        let mut directory = vec![0_u8; 512];
        for (place, byte) in b"Workbook".iter().enumerate() {
            directory[128 + 2 * place] = *byte;
        }
        directory[128 + 116..128 + 120].copy_from_slice(&2_u32.to_le_bytes());
        directory[128 + 120..128 + 124].copy_from_slice(&(stream.len() as u32).to_le_bytes());
        [header, table, directory, stream].concat()
    }

    #[test]
    fn the_corners_of_all_sheets_are_found_in_a_compound_file() {
        let begin = record(0x0809, &[0, 0]);
        let records =
            [begin.clone(), record(0x0203, &[2, 4, 0]), record(0x00BD, &[9, 0, 0, 5, 5, 6]), begin, record(0x00FD, &[65_535, 255, 0])];
        assert_eq!(xls_cells(&compound(&records)), Some(10 * 7 + 65_536 * 256));
        assert_eq!(xls_cells(b"\xd0\xcf\x11\xe0"), None);
    }

    #[test]
    fn a_chain_that_comes_back_to_itself_is_found() {
        let sound = compound(&[record(0x0809, &[0, 0])]);
        assert!(!xls_goes_round(&sound) && !xls_goes_round(b"\xd0\xcf\x11\xe0"));
        // The sector of the directory, and the last one of the stream, lead back.
        for (sector, next) in [(1_usize, 1_u32), (9, 2)] {
            let mut round = sound.clone();
            let place = 512 + 4 * sector;
            assert_eq!(round[place..place + 4], 0xFFFF_FFFE_u32.to_le_bytes());
            round[place..place + 4].copy_from_slice(&next.to_le_bytes());
            assert!(xls_goes_round(&round), "sector {sector}");
        }
    }

    #[test]
    fn repeated_rows_and_cells_count_up_to_the_last_one_with_content() {
        let content = b"<table:table><table:table-row table:number-rows-repeated=\"100\"><table:table-cell table:number-columns-repeated=\"9\"/>\
            <table:table-cell office:value-type=\"float\"/></table:table-row>\
            <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>\
            <table:table><table:table-row><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"3\"/></table:table-row></table:table>";
        assert_eq!(ods_cells(content), 100 * 10 + 3);
    }
}
