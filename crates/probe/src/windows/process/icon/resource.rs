//! The icons in a program file, found by a reader of our own choosing: the file is hostile, and what the system maps into our
//! memory to look for them is not bounded by anything we see. Only the picture that was found goes to the system.

use std::fs::File;
use std::path::Path;

use object::endian::LittleEndian;
use object::pe::{
    IMAGE_DIRECTORY_ENTRY_RESOURCE, IMAGE_NT_OPTIONAL_HDR64_MAGIC, ImageDosHeader, ImageNtHeaders32, ImageNtHeaders64,
    RT_GROUP_ICON, RT_ICON,
};
use object::read::pe::{
    ImageNtHeaders, ResourceDirectory, ResourceDirectoryTable, SectionTable, optional_header_magic,
};
use object::read::{ReadCache, ReadRef};

/// Of the table of contents no more is read: that of the largest programs has some hundred kilobytes.
const MOST_CONTENTS: u64 = 4 << 20;
/// No picture is larger: one of 256 by 256 without compression has a quarter of this.
const MOST_PICTURE: u64 = 1 << 20;

/// The first icon of the program: its picture that `choose` names after it saw the list of all (`GRPICONDIR`, in which every
/// picture has a number). `None` if there is none, or no way to it.
pub(super) fn first(path: &Path, choose: impl Fn(&[u8]) -> Option<u16>) -> Option<Vec<u8>> {
    let cache = ReadCache::new(File::open(path).ok()?);
    if optional_header_magic(&cache).ok()? == IMAGE_NT_OPTIONAL_HDR64_MAGIC {
        picture::<ImageNtHeaders64>(&cache, choose)
    } else {
        picture::<ImageNtHeaders32>(&cache, choose)
    }
}

fn picture<Headers: ImageNtHeaders>(file: &ReadCache<File>, choose: impl Fn(&[u8]) -> Option<u16>) -> Option<Vec<u8>> {
    let mut offset = ImageDosHeader::parse(file).ok()?.nt_headers_offset().into();
    let (headers, directories) = Headers::parse(file, &mut offset).ok()?;
    let sections = headers.sections(file, offset).ok()?;
    let (address, size) = directories.get(IMAGE_DIRECTORY_ENTRY_RESOURCE)?.address_range();
    let contents = ResourceDirectory::new(bytes(file, &sections, address, MOST_CONTENTS.min(size.into()))?);
    let root = contents.root().ok()?;
    let table = |kind: u16| below(contents, &root, Some(kind));
    let read = |kind: &ResourceDirectoryTable<'_>, id: Option<u16>| {
        // Below the kind lies the icon, below that the language; any will do.
        let place = leaf(contents, &below(contents, kind, id)?)?;
        bytes(file, &sections, place.0, MOST_PICTURE.min(place.1.into()))
    };
    let number = choose(read(&table(RT_GROUP_ICON)?, None)?)?;
    read(&table(RT_ICON)?, Some(number)).map(<[u8]>::to_vec)
}

/// The table below the entry of this number; below the first entry if none is named.
fn below<'data>(
    contents: ResourceDirectory<'data>,
    table: &ResourceDirectoryTable<'data>,
    id: Option<u16>,
) -> Option<ResourceDirectoryTable<'data>> {
    let mut entries = table.entries.iter();
    let entry = entries.find(|entry| id.is_none() || entry.name_or_id().id() == id)?;
    entry.data(contents).ok()?.table()
}

/// Where the data of a table's first entry lies in the program's memory, and how long it is.
fn leaf(contents: ResourceDirectory<'_>, table: &ResourceDirectoryTable<'_>) -> Option<(u32, u32)> {
    let data = table.entries.first()?.data(contents).ok()?.data()?;
    Some((data.offset_to_data.get(LittleEndian), data.size.get(LittleEndian)))
}

/// What would lie at this address of the program's memory, cut where its section or the file ends.
fn bytes<'data>(
    file: &'data ReadCache<File>,
    sections: &SectionTable<'_>,
    address: u32,
    size: u64,
) -> Option<&'data [u8]> {
    let (offset, there) = sections.pe_file_range_at(address)?;
    let left = file.len().ok()?.checked_sub(offset.into())?;
    file.read_bytes_at(offset.into(), size.min(there.into()).min(left)).ok()
}
