//! One line from many arguments, such that `CommandLineToArgvW` makes the same arguments of it again.
//!
//! Its rules ("Parsing C++ command-line arguments", Microsoft Learn): spaces and tabs part arguments outside quotation marks;
//! a backslash is a plain character unless a quotation mark follows, where two make one, and an odd one makes the mark plain.

/// The arguments in one line, each in a form that is read back as it was.
pub(super) fn line(arguments: &[String]) -> String {
    let quoted: Vec<String> = arguments.iter().map(|argument| quoted(argument)).collect();
    quoted.join(" ")
}

fn quoted(argument: &str) -> String {
    let plain = |character: char| !character.is_whitespace() && character != '"';
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_owned();
    }
    let mut line = String::from('"');
    let mut backslashes = 0;
    for character in argument.chars() {
        match character {
            '\\' => backslashes += 1,
            '"' => {
                // Those before it are doubled, and one more takes its meaning from it.
                line.extend(std::iter::repeat_n('\\', backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        line.push(character);
    }
    // A mark follows these, too: the one that closes.
    line.extend(std::iter::repeat_n('\\', backslashes));
    line.push('"');
    line
}

#[cfg(test)]
mod tests {
    use windows_sys::Win32::Foundation::LocalFree;
    use windows_sys::Win32::UI::Shell::CommandLineToArgvW;

    use super::line;

    /// What Windows makes of a line that a program is started with.
    fn read(line: &str) -> Vec<String> {
        let line: Vec<u16> = format!("program.exe {line}\0").encode_utf16().collect();
        let mut count = 0;
        // SAFETY: the line ends in a zero and outlives the call, as does the count.
        let list = unsafe { CommandLineToArgvW(line.as_ptr(), &raw mut count) };
        assert!(!list.is_null());
        let texts = (1..usize::try_from(count).unwrap_or(0)).map(|place| {
            // SAFETY: the list has `count` texts, each of which ends in a zero.
            unsafe {
                let text = *list.add(place);
                let length = (0..).take_while(|&at| *text.add(at) != 0).count();
                String::from_utf16_lossy(std::slice::from_raw_parts(text, length))
            }
        });
        let texts = texts.collect();
        // SAFETY: the list is freed once, and nothing of it is kept.
        unsafe { LocalFree(list.cast()) };
        texts
    }

    #[test]
    fn windows_reads_back_what_was_written() {
        // Every argument of up to five of these, and each of them beside another.
        let pieces = ["a", "\\", "\"", " ", "\t", "端"];
        let mut all = vec![String::new()];
        for start in 0.. {
            let Some(begun) = all.get(start).filter(|text| text.chars().count() < 5).cloned() else { break };
            all.extend(pieces.iter().map(|piece| format!("{begun}{piece}")));
        }
        assert_eq!(all.len(), 1 + 6 + 36 + 216 + 1296 + 7776);
        for argument in all {
            let arguments = [argument.clone(), "act".into(), argument];
            assert_eq!(read(&line(&arguments)), arguments);
        }
    }
}
